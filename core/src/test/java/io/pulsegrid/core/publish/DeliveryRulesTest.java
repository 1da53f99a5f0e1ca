package io.pulsegrid.core.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.publish.Publisher.Probe;
import io.pulsegrid.core.publish.Step.Budget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeliveryRulesTest {
  private static final Instant ARMED_AT = Instant.parse("2026-03-01T10:00:00Z");
  private static final Instant LEASE_END = ARMED_AT.plusSeconds(45);
  private static final Instant NOW = ARMED_AT.plusSeconds(2);
  private static final Duration CALL_TIME = Duration.ofSeconds(15);
  private static final Instant DUE = ARMED_AT.minusSeconds(1);
  private static final Standing.Arm ARM = new Standing.Arm(ARMED_AT, LEASE_END);

  private final DeliveryRules rules = rules(3);

  static DeliveryRules rules(int budget) {
    return new DeliveryRules(
        new RetryPolicy(budget, Duration.ofSeconds(5), Duration.ofMinutes(15), new Random(7)),
        new ProbePolicy(Duration.ofSeconds(5), Duration.ofMinutes(30), Duration.ofHours(24)));
  }

  @Test
  void acceptedPublishesFromEveryState() {
    var accepted = new DeliveryEvent.Called(new Outcome.Accepted("1", null, 200, ""));
    for (DeliveryState state : DeliveryState.values()) {
      Standing standing = new Standing(state, DUE, 0, ARM, null);
      assertThat(rules.next(standing, accepted, NOW).state()).isEqualTo(DeliveryState.PUBLISHED);
    }
  }

  @Test
  void aThrottledCallGoesBackWithoutMovingOrCosting() {
    Step step = called(new Outcome.Throttled(NOW.plusSeconds(900), 429, ""), 1);
    assertThat(step.state()).isEqualTo(DeliveryState.SCHEDULED);
    assertThat(step.dueAt()).isEqualTo(DUE);
    assertThat(step.budget()).isEqualTo(Budget.KEEP);
  }

  @Test
  void refusedCredentialsCostNothingEither() {
    Step step = called(new Outcome.Unauthorized(401, ""), 1);
    assertThat(step.state()).isEqualTo(DeliveryState.SCHEDULED);
    assertThat(step.budget()).isEqualTo(Budget.KEEP);
  }

  @Test
  void aRefusedTokenThatIsRenewedCostsNothingAndKeepsAnOlderDoubt() {
    Doubt doubt = new Doubt(ARMED_AT.minusSeconds(60), ARMED_AT.plusSeconds(600), 1, null);
    Standing armed = new Standing(DeliveryState.ARMED, DUE, 2, ARM, doubt);
    var renewed = new DeliveryEvent.TokenRenewed(new Outcome.Unauthorized(401, ""));
    Step step = rules.next(armed, renewed, NOW);
    assertThat(step.state()).isEqualTo(DeliveryState.SCHEDULED);
    assertThat(step.dueAt()).isEqualTo(DUE);
    assertThat(step.budget()).isEqualTo(Budget.KEEP);
    assertThat(step.doubt()).isEqualTo(doubt);
    Standing waiting = new Standing(DeliveryState.SCHEDULED, DUE, 2, ARM, null);
    assertThatThrownBy(() -> rules.next(waiting, renewed, NOW))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aTransientFailureIsTriedAgainLaterUntilTheBudgetIsSpent() {
    Step first = called(new Outcome.Transient(0, "refused"), 0);
    assertThat(first.state()).isEqualTo(DeliveryState.RETRY);
    assertThat(first.budget()).isEqualTo(Budget.SPEND);
    assertThat(first.dueAt())
        .isBetween(NOW.plus(Duration.ofMillis(2500)), NOW.plus(Duration.ofSeconds(5)));
    assertThat(called(new Outcome.Transient(0, "refused"), 2).state())
        .isEqualTo(DeliveryState.FAILED);
  }

  @Test
  void aRefusedPostIsADeadLetterAtOnce() {
    assertThat(called(new Outcome.Rejected(422, ""), 0).state()).isEqualTo(DeliveryState.FAILED);
  }

  @Test
  void anUnknownEndIsAskedAboutAndNeverRetried() {
    for (Step step :
        List.of(
            called(new Outcome.Ambiguous(0, "timeout"), 0),
            rules.next(armed(0), new DeliveryEvent.LeaseExpired(), LEASE_END))) {
      assertThat(step.state()).isEqualTo(DeliveryState.UNCONFIRMED);
      assertThat(doubt(step).since()).isEqualTo(ARMED_AT);
      assertThat(doubt(step).resendUntil()).isNull();
      assertThat(doubt(step).nextProbeAt()).isNotNull();
    }
  }

  @Test
  void aNegativeProbeResendsOnlyUnderAnEnforcedKeyAndAfterTheLease() {
    Instant enforced = ARMED_AT.plus(Duration.ofHours(1));
    assertThat(probed(new Probe.NotFound(enforced), false, LEASE_END.minusMillis(1)).state())
        .isEqualTo(DeliveryState.UNCONFIRMED);
    Step step = probed(new Probe.NotFound(enforced), false, LEASE_END);
    assertThat(step.state()).isEqualTo(DeliveryState.RETRY);
    assertThat(step.dueAt()).isEqualTo(LEASE_END);
    assertThat(doubt(step).resendUntil()).isBefore(enforced);
    assertThat(doubt(step).since()).isEqualTo(ARMED_AT);
  }

  @Test
  void aNegativeProbeWithoutAKeyStaysWhileTheSenderMayLive() {
    Step step = probed(new Probe.NotFound(null), false, LEASE_END.plusSeconds(60));
    assertThat(step.state()).isEqualTo(DeliveryState.UNCONFIRMED);
    assertThat(doubt(step).nextProbeAt()).isNotNull();
  }

  @Test
  void aNegativeProbeResendsWhenTheSenderIsDeadAndItsLeaseIsOver() {
    assertThat(probed(new Probe.NotFound(null), true, LEASE_END.minusSeconds(1)).state())
        .isEqualTo(DeliveryState.UNCONFIRMED);
    Step step = probed(new Probe.NotFound(null), true, LEASE_END);
    assertThat(step.state()).isEqualTo(DeliveryState.RETRY);
    assertThat(step.doubt()).isNull();
  }

  @Test
  void aDeadSenderSaysNothingOfAnOlderCallUnderDoubt() {
    Doubt older = new Doubt(ARMED_AT.minusSeconds(7200), null, 1, NOW);
    Standing standing = new Standing(DeliveryState.UNCONFIRMED, DUE, 1, ARM, older);
    Step step =
        rules.next(
            standing,
            new DeliveryEvent.Probed(new Probe.NotFound(null), true, CALL_TIME),
            LEASE_END.plusSeconds(1));
    assertThat(step.state()).isEqualTo(DeliveryState.UNCONFIRMED);
  }

  @Test
  void afterADayOnlyAPersonDecides() {
    Step step = probed(new Probe.Unknown("down"), false, ARMED_AT.plus(Duration.ofHours(24)));
    assertThat(step.state()).isEqualTo(DeliveryState.UNCONFIRMED);
    assertThat(doubt(step).nextProbeAt()).isNull();
    assertThat(step.reason()).contains("a person has to decide");
  }

  @Test
  void aDoubtOutlivesEveryStepThatDoesNotAnswerIt() {
    Doubt resent = new Doubt(ARMED_AT.minusSeconds(60), ARMED_AT.plusSeconds(3000), 1, null);
    Standing standing = new Standing(DeliveryState.ARMED, DUE, 1, ARM, resent);
    for (Outcome outcome :
        List.of(
            new Outcome.Transient(0, ""),
            new Outcome.Throttled(NOW, 429, ""),
            new Outcome.Unauthorized(401, ""))) {
      Step step = rules.next(standing, new DeliveryEvent.Called(outcome), NOW);
      assertThat(step.doubt()).isEqualTo(resent);
    }
    Step again = rules.next(standing, new DeliveryEvent.Called(new Outcome.Ambiguous(0, "")), NOW);
    assertThat(doubt(again).since()).isEqualTo(resent.since());
  }

  @Test
  void whateverEndsASecondCallSaysNothingOfTheFirstThatIsStillInDoubt() {
    Doubt resent = new Doubt(ARMED_AT.minusSeconds(60), ARMED_AT.plusSeconds(3000), 1, null);
    Standing spent = new Standing(DeliveryState.ARMED, DUE, 2, ARM, resent);
    Standing waiting = new Standing(DeliveryState.RETRY, DUE, 1, ARM, resent);
    for (Step step :
        List.of(
            rules.next(spent, new DeliveryEvent.Called(new Outcome.Rejected(422, "")), NOW),
            rules.next(spent, new DeliveryEvent.Called(new Outcome.Transient(0, "")), NOW),
            rules.next(waiting, new DeliveryEvent.TooLate(), NOW))) {
      assertThat(step.state()).isEqualTo(DeliveryState.UNCONFIRMED);
      assertThat(doubt(step).since()).isEqualTo(resent.since());
      assertThat(doubt(step).resendUntil()).isNull();
      assertThat(doubt(step).nextProbeAt()).isNotNull();
    }
  }

  @Test
  void whatIsCancelledInDoubtIsAskedAboutAndNeverSentAgain() {
    Doubt resent = new Doubt(ARMED_AT, ARMED_AT.plusSeconds(3000), 1, null);
    Standing waiting = new Standing(DeliveryState.RETRY, DUE, 1, ARM, resent);
    Step cancelled = rules.next(waiting, new DeliveryEvent.Cancelled(), LEASE_END);
    assertThat(cancelled.state()).isEqualTo(DeliveryState.UNCONFIRMED);
    assertThat(doubt(cancelled).since()).isEqualTo(resent.since());
    assertThat(doubt(cancelled).nextProbeAt()).isNotNull();

    // The same where nobody knows already, and where a person says it twice.
    Doubt asked = new Doubt(ARMED_AT, null, 3, LEASE_END.plusSeconds(60));
    Standing unconfirmed = new Standing(DeliveryState.UNCONFIRMED, DUE, 1, ARM, asked);
    Step again = rules.next(unconfirmed, new DeliveryEvent.Cancelled(), LEASE_END);
    assertThat(again).isEqualTo(cancelled);

    Standing doubtful = new Standing(DeliveryState.UNCONFIRMED, DUE, 1, ARM, doubt(cancelled));
    Probe keyed = new Probe.NotFound(ARMED_AT.plus(Duration.ofHours(1)));
    for (Probe open : List.of(keyed, new Probe.NotFound(null), new Probe.Unknown("down"))) {
      Step step = probed(doubtful, open, false);
      assertThat(step.state()).as("%s", open).isEqualTo(DeliveryState.UNCONFIRMED);
      assertThat(doubt(step).withdrawn()).isTrue();
    }
    assertThat(probed(doubtful, keyed, true).state()).isEqualTo(DeliveryState.CANCELLED);
    assertThat(probed(doubtful, new Probe.Found("1", null), false).state())
        .isEqualTo(DeliveryState.PUBLISHED);
    assertThat(rules.next(doubtful, new DeliveryEvent.Confirmed(false), LEASE_END).state())
        .isEqualTo(DeliveryState.CANCELLED);
    assertThat(rules.next(doubtful, new DeliveryEvent.Confirmed(true), LEASE_END).state())
        .isEqualTo(DeliveryState.PUBLISHED);
  }

  private Step probed(Standing standing, Probe answer, boolean dead) {
    return rules.next(standing, new DeliveryEvent.Probed(answer, dead, CALL_TIME), LEASE_END);
  }

  @Test
  void aKeyThatLapsedWhileWaitingIsAskedAboutAgain() {
    Doubt resent = new Doubt(ARMED_AT, ARMED_AT.plusSeconds(3000), 1, null);
    Standing standing = new Standing(DeliveryState.RETRY, DUE, 1, ARM, resent);
    Step step = rules.next(standing, new DeliveryEvent.KeyLapsed(), ARMED_AT.plusSeconds(3001));
    assertThat(step.state()).isEqualTo(DeliveryState.UNCONFIRMED);
    assertThat(doubt(step).since()).isEqualTo(ARMED_AT);
  }

  @Test
  void nothingGoesBackToWaitThatWouldNoLongerBeSent() {
    Instant enforced = ARMED_AT.plus(Duration.ofHours(1));
    for (int minute = 1; minute < 90; minute++) {
      Instant now = ARMED_AT.plus(Duration.ofMinutes(minute));
      Step step = probed(new Probe.NotFound(now.isBefore(enforced) ? enforced : null), false, now);
      boolean again = doubt(step).resendable(now, CALL_TIME);
      assertThat(step.state())
          .as("minute %d", minute)
          .isEqualTo(again ? DeliveryState.RETRY : DeliveryState.UNCONFIRMED);
      assertThat(again).as("minute %d", minute).isEqualTo(minute < 58);
    }
  }

  @Test
  void everyStepIsATransitionThatTheStateMachineKnows() {
    for (DeliveryState state : DeliveryState.values()) {
      for (DeliveryEvent event : events()) {
        Standing standing =
            new Standing(state, DUE, 1, ARM, new Doubt(ARMED_AT, LEASE_END, 0, NOW));
        @Nullable Step step;
        try {
          step = rules.next(standing, event, NOW);
        } catch (IllegalStateException impossible) {
          continue;
        }
        boolean spoken =
            event instanceof DeliveryEvent.Called called
                && called.outcome() instanceof Outcome.Accepted;
        if (!spoken && step.state() != state) {
          assertThat(state.next()).as("%s after %s", state, event).contains(step.state());
        }
        assertThat(step.reason()).isNotBlank();
      }
    }
  }

  @Test
  void whatCannotHappenIsRefused() {
    Standing published = new Standing(DeliveryState.PUBLISHED, DUE, 1, ARM, null);
    assertThatThrownBy(() -> rules.next(published, new DeliveryEvent.Cancelled(), NOW))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cancelled cannot happen to a delivery that is PUBLISHED");
  }

  private static List<DeliveryEvent> events() {
    List<DeliveryEvent> events = new ArrayList<>();
    for (Outcome outcome :
        List.of(
            new Outcome.Accepted("1", null, 200, ""),
            new Outcome.Rejected(422, ""),
            new Outcome.Throttled(NOW, 429, ""),
            new Outcome.Unauthorized(401, ""),
            new Outcome.Transient(0, ""),
            new Outcome.Ambiguous(0, ""))) {
      events.add(new DeliveryEvent.Called(outcome));
    }
    for (boolean dead : new boolean[] {true, false}) {
      events.add(new DeliveryEvent.Probed(new Probe.Found("1", null), dead, CALL_TIME));
      events.add(new DeliveryEvent.Probed(new Probe.NotFound(null), dead, CALL_TIME));
      events.add(
          new DeliveryEvent.Probed(new Probe.NotFound(NOW.plusSeconds(3600)), dead, CALL_TIME));
      events.add(new DeliveryEvent.Probed(new Probe.Unknown(""), dead, CALL_TIME));
    }
    events.addAll(
        List.of(
            new DeliveryEvent.TokenRenewed(new Outcome.Unauthorized(401, "")),
            new DeliveryEvent.NotCalled("breaker open"),
            new DeliveryEvent.LeaseExpired(),
            new DeliveryEvent.KeyLapsed(),
            new DeliveryEvent.TooLate(),
            new DeliveryEvent.Cancelled(),
            new DeliveryEvent.Confirmed(true),
            new DeliveryEvent.Confirmed(false),
            new DeliveryEvent.Redriven()));
    return events;
  }

  private Step called(Outcome outcome, int attempts) {
    return rules.next(armed(attempts), new DeliveryEvent.Called(outcome), NOW);
  }

  private Step probed(Probe answer, boolean dead, Instant now) {
    Doubt doubt = new Doubt(ARMED_AT, null, 0, now);
    Standing standing = new Standing(DeliveryState.UNCONFIRMED, DUE, 1, ARM, doubt);
    return rules.next(standing, new DeliveryEvent.Probed(answer, dead, CALL_TIME), now);
  }

  private static Standing armed(int attempts) {
    return new Standing(DeliveryState.ARMED, DUE, attempts, ARM, null);
  }

  private static Doubt doubt(Step step) {
    Doubt doubt = step.doubt();
    assertThat(doubt).isNotNull();
    return java.util.Objects.requireNonNull(doubt);
  }
}
