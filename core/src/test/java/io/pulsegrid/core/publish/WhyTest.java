package io.pulsegrid.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.limit.RateLimit;
import io.pulsegrid.core.publish.Why.CaughtUp;
import io.pulsegrid.core.publish.Why.Circumstances;
import io.pulsegrid.core.publish.Why.Pauses;
import io.pulsegrid.core.publish.Why.ThisNode;
import io.pulsegrid.core.publish.Why.WaitsFor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WhyTest {
  private static final Instant NOW = Instant.parse("2026-12-01T08:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(600);
  private static final Pauses NONE = new Pauses(false, false, false, null);

  private static final ThisNode ASKED = new ThisNode(false, false, null);

  private static Circumstances of(
      DeliveryState state, Instant due, Pauses pauses, List<RateLimit> limits, boolean failing) {
    return new Circumstances(
        delivery(state, due, due, null),
        "mastodon",
        new Standing(state, due, 0, new Standing.Arm(NOW, LATER), new Doubt(NOW, null, 1, LATER)),
        pauses,
        limits,
        new ThisNode(false, failing, null));
  }

  private static Delivery delivery(
      DeliveryState state, Instant asked, Instant due, @Nullable String error) {
    return new Delivery(
        "d",
        WorkspaceId.DEFAULT,
        "p",
        "c",
        state,
        asked,
        due,
        1,
        new Delivery.Result("17", null, error),
        1);
  }

  private static Why why(Pauses pauses, List<RateLimit> limits, boolean failing) {
    return Why.of(of(DeliveryState.SCHEDULED, NOW.minusSeconds(5), pauses, limits, failing), NOW);
  }

  private static RateLimit limit(int used, Instant allowed, @Nullable Instant blocked) {
    return new RateLimit(
        "channel:c", "publish", Duration.ofHours(3), 300, used, allowed, blocked, "HTTP 429");
  }

  @Test
  void aDeliveryThatIsNotDueWaitsForItsTime() {
    Why why = Why.of(of(DeliveryState.SCHEDULED, LATER, NONE, List.of(), false), NOW);

    assertThat(why).isEqualTo(new Why(WaitsFor.DUE_TIME, LATER, "it is due at " + LATER));
    Why paused =
        Why.of(
            of(
                DeliveryState.SCHEDULED,
                LATER,
                new Pauses(false, false, true, null),
                List.of(),
                false),
            NOW);
    assertThat(paused.sentence()).contains("besides, its channel is paused");
  }

  @Test
  void aRetryTellsWhatWentWrong() {
    Circumstances given =
        new Circumstances(
            delivery(DeliveryState.RETRY, NOW, LATER, "connection refused"),
            "mastodon",
            new Standing(DeliveryState.RETRY, LATER, 1, null, null),
            NONE,
            List.of(),
            ASKED);

    assertThat(Why.of(given, NOW).sentence())
        .isEqualTo("it is tried again at " + LATER + " (connection refused)");
  }

  @Test
  void aPauseIsToldByTheWidestThatHolds() {
    assertThat(why(new Pauses(true, true, true, null), List.of(), false).sentence())
        .startsWith("everything is paused");
    assertThat(why(new Pauses(false, true, true, null), List.of(), false).sentence())
        .startsWith("mastodon is paused");
    Why channel = why(new Pauses(false, false, true, null), List.of(), true);
    assertThat(channel.sentence()).startsWith("its channel is paused");
    assertThat(channel.waitsFor()).isEqualTo(WaitsFor.PAUSE);
  }

  @Test
  void aLimitIsToldWithItsWindowAndABlockWithItsReason() {
    Why limit = why(NONE, List.of(limit(3, NOW, null), limit(300, LATER, null)), false);
    assertThat(limit.waitsFor()).isEqualTo(WaitsFor.LIMIT);
    assertThat(limit.until()).isEqualTo(LATER);
    assertThat(limit.sentence()).contains("300 in PT3H").contains(LATER.toString());

    Why block = why(NONE, List.of(limit(3, LATER, LATER)), false);
    assertThat(block.waitsFor()).isEqualTo(WaitsFor.BLOCK);
    assertThat(block.sentence()).contains("channel:c").contains("(HTTP 429)");
  }

  @Test
  void aFailingHostIsToldAndOtherwiseOnlyACallIsMissing() {
    assertThat(why(NONE, List.of(), true).waitsFor()).isEqualTo(WaitsFor.BREAKER);
    assertThat(why(NONE, List.of(), false).waitsFor()).isEqualTo(WaitsFor.TURN);
  }

  @Test
  void aTokenThatIsRenewedAndANodeThatStandsByAreTold() {
    Circumstances due = of(DeliveryState.SCHEDULED, NOW, NONE, List.of(), true);
    Circumstances renewing =
        of(DeliveryState.SCHEDULED, NOW, new Pauses(false, false, false, LATER), List.of(), true);
    Circumstances standingBy =
        new Circumstances(
            due.delivery(),
            due.platform(),
            due.standing(),
            NONE,
            List.of(),
            new ThisNode(true, true, null));

    assertThat(Why.of(renewing, NOW))
        .isEqualTo(
            new Why(
                WaitsFor.TOKEN,
                LATER,
                "its channel's token was refused or ends, and is being renewed"));
    assertThat(Why.of(renewing, LATER).waitsFor()).isEqualTo(WaitsFor.BREAKER);
    assertThat(Why.of(standingBy, NOW).waitsFor()).isEqualTo(WaitsFor.NODE);
    assertThat(Why.of(standingBy, NOW).sentence()).contains("does not know the time");
  }

  @Test
  void whatIsCaughtUpTellsItsTurnAndHowManyThereAre() {
    Instant due = NOW.minusSeconds(3_600);
    Circumstances given =
        new Circumstances(
            delivery(DeliveryState.SCHEDULED, due, due, null),
            "mastodon",
            new Standing(DeliveryState.SCHEDULED, due, 0, null, null),
            NONE,
            List.of(),
            new ThisNode(false, false, new CaughtUp(7, Duration.ofMinutes(1), LATER)));

    assertThat(Why.of(given, NOW))
        .isEqualTo(
            new Why(
                WaitsFor.CATCH_UP,
                LATER,
                "it is one of 7 of its channel that are caught up, a minute apart; its turn comes"
                    + " at "
                    + LATER));
    assertThat(Why.of(given, LATER).waitsFor()).isEqualTo(WaitsFor.TURN);
  }

  @Test
  void aCallUnderWayAndADoubtTellUntilWhen() {
    Why armed = Why.of(of(DeliveryState.ARMED, NOW, NONE, List.of(), false), NOW);
    assertThat(armed.waitsFor()).isEqualTo(WaitsFor.LEASE);
    assertThat(armed.until()).isEqualTo(LATER);

    Why doubt = Why.of(of(DeliveryState.UNCONFIRMED, NOW, NONE, List.of(), false), NOW);
    assertThat(doubt.waitsFor()).isEqualTo(WaitsFor.PROBE);
    assertThat(doubt.until()).isEqualTo(LATER);

    Circumstances given =
        new Circumstances(
            delivery(DeliveryState.UNCONFIRMED, NOW, NOW, null),
            "mastodon",
            new Standing(DeliveryState.UNCONFIRMED, NOW, 1, null, new Doubt(NOW, null, 40, null)),
            NONE,
            List.of(),
            ASKED);
    assertThat(Why.of(given, NOW).waitsFor()).isEqualTo(WaitsFor.PERSON);
  }

  @ParameterizedTest
  @EnumSource(DeliveryState.class)
  void everyStateHasItsSentence(DeliveryState state) {
    Why why = Why.of(of(state, NOW, NONE, List.of(), false), NOW);

    assertThat(why.sentence()).isNotBlank().doesNotContain("null");
    boolean over = state.ended() && state != DeliveryState.FAILED;
    assertThat(why.waitsFor() == WaitsFor.NOTHING).isEqualTo(over);
  }
}
