package io.pulsegrid.chaos.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.chaos.load.Deed;
import io.pulsegrid.chaos.load.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceTest {
  private static final Instant INJECTED = Instant.parse("2026-05-12T10:00:00Z");
  private static final Instant HEALED = INJECTED.plusSeconds(30);

  @Test
  void isRecoveredWithTheLastClientThatWaited() {
    Service service =
        Service.seen(
            List.of(
                deed(Deed.Kind.IMPORT, 20, 15_000, true, "node 1: 503"),
                deed(Deed.Kind.IMPORT, 40, 4_000, true),
                deed(Deed.Kind.SCHEDULE, 36, 100, true)),
            List.of(),
            List.of(INJECTED),
            HEALED);
    assertThat(service.recoveredMillis()).isEqualTo(5_000);
    assertThat(service.longestWriteMillis()).isEqualTo(15_000);
    assertThat(service.refused()).isEqualTo(1);
    assertThat(service.reasons()).containsEntry("node 1: 503", 1L);
  }

  @Test
  void isNotRecoveredWhileASearchMissesSomething() {
    Service service =
        Service.seen(
            List.of(),
            List.of(
                new Look(INJECTED.minusSeconds(1), 9),
                new Look(INJECTED.plusSeconds(4), 3),
                new Look(HEALED.plusSeconds(2), 1),
                new Look(HEALED.plusSeconds(3), 0)),
            List.of(INJECTED),
            HEALED);
    assertThat(service.searchesShort()).isEqualTo(2);
    assertThat(service.searchesWholeMillis()).isEqualTo(32_000);
    assertThat(service.recoveredMillis()).isEqualTo(2_000);
  }

  @Test
  void countsFromTheLastOfSeveralStrikes() {
    Service service =
        Service.seen(
            List.of(),
            List.of(new Look(INJECTED.plusSeconds(2), 1), new Look(INJECTED.plusSeconds(29), 1)),
            List.of(INJECTED, INJECTED.plusSeconds(25)),
            HEALED);
    assertThat(service.searchesWholeMillis()).isEqualTo(4_000);
  }

  @Test
  void countsSearchesThatNobodyAnswered() {
    Service service =
        Service.seen(
            List.of(deed(Deed.Kind.SEARCH, 31, 10, false, "node 0: ConnectException")),
            List.of(),
            List.of(INJECTED),
            HEALED);
    assertThat(service.searchesFailed()).isEqualTo(1);
    assertThat(service.recoveredMillis()).isEqualTo(1_010);
  }

  @Test
  void namesWhoWentWithoutOrWaitedTooLongForPlannedWork() {
    assertThat(
            Service.unserved(
                List.of(
                    deed(Deed.Kind.IMPORT, 1, 14_000, true, "node 1: 503"),
                    deed(Deed.Kind.IMPORT, 2, 16_000, true, "node 1: 503"),
                    deed(Deed.Kind.SEARCH, 3, 10, false, "node 0: ConnectException"))))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("IMPORT")
        .endsWith("was served after 16000 ms: [node 1: 503]");
  }

  private static Deed deed(
      Deed.Kind kind, long afterSeconds, long millis, boolean done, String... refusals) {
    return new Deed(
        kind,
        INJECTED.plusSeconds(afterSeconds),
        Duration.ofMillis(millis),
        List.of(refusals),
        done);
  }
}
