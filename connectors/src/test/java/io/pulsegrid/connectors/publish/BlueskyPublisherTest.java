package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Answer;
import io.pulsegrid.core.publish.Publisher.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BlueskyPublisherTest extends ConnectorContract {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  String platform() {
    return "bluesky";
  }

  @Override
  Map<String, String> secrets(String account) {
    return Map.of("appPassword", account.equals("bad") ? "bad" : "t-" + account);
  }

  @Override
  String tooLong() {
    return "x".repeat(301);
  }

  @Test
  void countsCharactersAsAReaderSeesThemAndBytes() {
    String family = "👨‍👩‍👧‍👦";
    assertThat(publisher().check(spec(baseUrl("a")), family.repeat(100))).isEmpty();
    assertThat(publisher().check(spec(baseUrl("a")), family.repeat(121)))
        .singleElement()
        .satisfies(error -> assertThat(error.message()).contains("3000 bytes"));
  }

  @Test
  void theRecordKeyFollowsFromTheKeyAndTakesEffectOnce() {
    Instant armed = Instant.now();
    Outcome first = publish("paris", "hello", "key-1");
    // The real server answers 500 to a key that is taken (atproto 3718).
    assertThat(publish("paris", "hello", "key-1")).isInstanceOf(Outcome.Ambiguous.class);
    assertThat(ledger()).hasSize(1);
    Probe probe = publisher().probe(call("paris", "hello", "key-1", PATIENCE), armed, Set.of());
    assertThat(((Probe.Found) probe).remoteId())
        .isEqualTo(((Outcome.Accepted) first).remoteId())
        .endsWith(RecordKey.of("key-1"));
  }

  @Test
  void aKeyThatIsFreeIsEnforcedWhenItIsSentAgain() {
    Probe probe =
        publisher().probe(call("paris", "hello", "key-1", PATIENCE), Instant.now(), Set.of());
    assertThat(((Probe.NotFound) probe).keyEnforcedUntil()).isAfter(Instant.now());
  }

  @Test
  void anExpiredTokenIsRefreshedOnce() {
    publish("paris", "one", "key-1");
    fault("401", "publish", 0);
    assertThat(publish("paris", "two", "key-2")).isInstanceOf(Outcome.Accepted.class);
    assertThat(ledger()).hasSize(2);
  }

  @Test
  void aTokenThatStaysExpiredIsUnauthorized() {
    publish("paris", "one", "key-1");
    fault("401", "publish", 0);
    fault("401", "publish", 0);
    assertThat(publish("paris", "two", "key-2")).isInstanceOf(Outcome.Unauthorized.class);
  }

  @Test
  void aRefreshThatFailsInPassingSaysNothingOfTheAccount() {
    publish("paris", "one", "key-1");
    fault("401", "publish", 0);
    fault("500", "refresh", 0);
    assertThat(publish("paris", "two", "key-2")).isInstanceOf(Outcome.Transient.class);
    assertThat(publish("paris", "two", "key-2")).isInstanceOf(Outcome.Accepted.class);
  }

  @Test
  void aRefreshTokenThatIsSpentAsksForThePasswordAgain() {
    publish("paris", "one", "key-1");
    fault("401", "publish", 0);
    fault("401", "refresh", 0);
    assertThat(publish("paris", "two", "key-2")).isInstanceOf(Outcome.Accepted.class);
  }

  @Test
  void pointsAreToldAsPosts() {
    limit(1_666, 3_600);
    Answer answer = publisher().publish(call("paris", "hello", "key-1", PATIENCE));
    Allowance left = Objects.requireNonNull(answer.allowance());
    assertThat(left.limit()).isEqualTo(1_666);
    assertThat(left.remaining()).isEqualTo(1_665);
    assertThat(left.reset()).isAfter(Instant.now().plusSeconds(3_000));
  }
}
