package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static io.pulsegrid.node.publish.LedgerFixture.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.Limits;
import io.pulsegrid.core.limit.RateLimit;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Why;
import io.pulsegrid.core.publish.Why.WaitsFor;
import io.pulsegrid.core.publish.Workers;
import io.pulsegrid.core.time.When;
import io.pulsegrid.node.config.PlatformSettings;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandlingTest {
  private static final String HOST = "mastodon@here.example";

  private final LedgerFixture fixture = new LedgerFixture();
  private final LedgerPublishing publishing = fixture.publishing;
  private final List<RateLimit> limits = new ArrayList<>();
  private boolean hostFailing;
  private boolean clockTrusted = true;
  private final CatchUp catchUp = new CatchUp(Duration.ofMinutes(1), _ -> false);
  private final LedgerExplanations explanations =
      new LedgerExplanations(
          fixture.ledger,
          new GivenLimits(),
          new Gate(() -> clockTrusted, System::nanoTime),
          _ -> hostFailing,
          catchUp,
          InstantSource.system());

  /** Limits as a test says they are. */
  private final class GivenLimits implements Limits {
    @Override
    public List<RateLimit> of(WorkspaceId workspace, String channelId) {
      return limits;
    }

    @Override
    public void unblock(WorkspaceId workspace, String scope) {
      limits.clear();
    }

    @Override
    public void record(WorkspaceId workspace, String channelId, String action) {
      throw new IllegalStateException("nothing is recorded here");
    }
  }

  private Why why(Delivery delivery) {
    return explanations.why(WORKSPACE, delivery.id()).orElseThrow();
  }

  private void settle(Delivery delivery, Outcome outcome) {
    fixture
        .ledger
        .settlements()
        .settle(
            List.of(
                fixture.decisions.called(fixture.arm(delivery).charge(), outcome, Instant.now())));
  }

  @Test
  void aPausedPlatformArmsNothingUntilItIsResumed() {
    Delivery delivery = fixture.due(fixture.channel());
    publishing.pause("mastodon");
    publishing.pause("mastodon");

    assertThat(fixture.armAll(List.of(delivery), "t1")).isEmpty();
    assertThat(fixture.ledger.sweeps().overdueOn(List.of(delivery.channel()), Duration.ZERO, 10))
        .isEmpty();
    assertThat(publishing.counts(WORKSPACE).pausedPlatforms()).containsExactly("mastodon");
    assertThat(publishing.counts(WORKSPACE).paused()).isFalse();
    assertThat(why(delivery).sentence()).startsWith("mastodon is paused");

    publishing.resume();
    assertThat(fixture.armAll(List.of(delivery), "t2")).isEmpty();
    publishing.resume("mastodon");
    assertThat(fixture.armAll(List.of(delivery), "t3")).hasSize(1);
    assertThatThrownBy(() -> publishing.pause("myspace"))
        .isInstanceOf(PulsegridException.class)
        .hasMessageContaining("must be one of [mastodon]");
  }

  @Test
  void whyTellsWhatHoldsADelivery() {
    String channel = fixture.channel();
    Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
    Delivery later =
        publishing
            .schedule(WORKSPACE, draft("later", new When.At(tomorrow), channel))
            .deliveries()
            .getFirst();
    assertThat(why(later).waitsFor()).isEqualTo(WaitsFor.DUE_TIME);

    Delivery due = fixture.due(channel);
    assertThat(why(due).waitsFor()).isEqualTo(WaitsFor.TURN);
    hostFailing = true;
    assertThat(why(due).waitsFor()).isEqualTo(WaitsFor.BREAKER);
    clockTrusted = false;
    assertThat(why(due).waitsFor()).isEqualTo(WaitsFor.NODE);
    fixture.jdbc.update("UPDATE channel SET renewing_until = now() + interval '1 minute'");
    assertThat(why(due).waitsFor()).isEqualTo(WaitsFor.TOKEN);
    fixture.jdbc.update("UPDATE channel SET renewing_until = NULL");
    clockTrusted = true;
    limits.add(
        new RateLimit(
            "channel:" + channel, "publish", Duration.ofHours(3), 300, 300, tomorrow, null, null));
    assertThat(why(due).waitsFor()).isEqualTo(WaitsFor.LIMIT);
    assertThat(why(due).until()).isEqualTo(tomorrow);
    fixture.jdbc.update("UPDATE channel SET paused = true WHERE id = ?", channel);
    assertThat(why(due).sentence()).startsWith("its channel is paused");
    fixture.jdbc.update("UPDATE channel SET paused = false WHERE id = ?", channel);

    fixture.arm(due);
    assertThat(why(due).waitsFor()).isEqualTo(WaitsFor.LEASE);
    Delivery doubtful = fixture.due(channel);
    settle(doubtful, new Outcome.Ambiguous(0, "timeout"));
    assertThat(why(doubtful).waitsFor()).isEqualTo(WaitsFor.PROBE);
    Delivery failed = fixture.due(channel);
    settle(failed, new Outcome.Rejected(422, "too loud"));
    assertThat(why(failed).sentence()).contains("too loud");
    assertThat(why(failed).waitsFor()).isEqualTo(WaitsFor.PERSON);
    assertThat(explanations.why(new WorkspaceId("other"), due.id())).isEmpty();
  }

  @Test
  void whyTellsTheTurnOfWhatWasHeldBack() {
    String channel = fixture.channel();
    Delivery first = fixture.due(channel);
    Delivery second = fixture.due(channel);
    Delivery onTime = fixture.due(channel);
    for (Delivery late : List.of(first, second)) {
      fixture.age(late, Duration.ofHours(1));
    }
    Instant now = Instant.now();
    List<Waiting> waiting = fixture.ledger.sweeps().waitingOn(List.of(channel), now, 10);
    catchUp.look(channel, waiting, now);
    assertThat(why(first).waitsFor()).isEqualTo(WaitsFor.TURN);

    catchUp.sent(waiting.getFirst(), now);

    assertThat(why(onTime).waitsFor()).isEqualTo(WaitsFor.TURN);
    assertThat(why(first).until()).isEqualTo(now.plusSeconds(60));
    assertThat(why(second).until()).isEqualTo(now.plusSeconds(120));
    assertThat(why(second).sentence())
        .startsWith("it is one of 2 of its channel that are caught up, a minute apart");
  }

  @Test
  void theQueueIsEmptiedByState() {
    fixture.jdbc.update("INSERT INTO workspace (id) VALUES ('other')");
    String channel = fixture.channel();
    Delivery due = fixture.due(channel);
    Delivery armed = fixture.due(channel);
    fixture.arm(armed);
    Delivery failed = fixture.due(channel);
    settle(failed, new Outcome.Rejected(422, "no"));
    Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
    Delivery later =
        publishing
            .schedule(WORKSPACE, draft("later", new When.At(tomorrow), channel))
            .deliveries()
            .getFirst();

    assertThat(publishing.cancelAll(new WorkspaceId("other"), DeliveryState.SCHEDULED, null))
        .isZero();
    assertThat(publishing.cancelAll(WORKSPACE, DeliveryState.SCHEDULED, Instant.now()))
        .isEqualTo(1);
    assertThat(fixture.state(due)).isEqualTo(DeliveryState.CANCELLED);
    assertThat(fixture.state(later)).isEqualTo(DeliveryState.SCHEDULED);
    assertThat(publishing.cancelAll(WORKSPACE, DeliveryState.SCHEDULED, null)).isEqualTo(1);
    assertThat(publishing.cancelAll(WORKSPACE, DeliveryState.FAILED, null)).isEqualTo(1);
    assertThat(fixture.state(failed)).isEqualTo(DeliveryState.CANCELLED);
    assertThat(fixture.state(armed)).isEqualTo(DeliveryState.ARMED);
    for (DeliveryState state :
        Set.of(DeliveryState.ARMED, DeliveryState.PUBLISHED, DeliveryState.UNCONFIRMED)) {
      assertThatThrownBy(() -> publishing.cancelAll(WORKSPACE, state, null))
          .isInstanceOf(PulsegridException.class)
          .hasMessageContaining("state");
    }
  }

  /** The post may be live: somebody must hear of it. */
  @Test
  void whatIsCancelledInDoubtStaysInSightAndIsNeverSent() {
    Delivery delivery = fixture.due(fixture.channel());
    settle(delivery, new Outcome.Ambiguous(0, "timeout"));
    fixture.jdbc.update(
        "UPDATE delivery SET state = 'RETRY', resend_until = now() + interval '50 minutes'");

    assertThat(publishing.cancelAll(WORKSPACE, DeliveryState.RETRY, null)).isEqualTo(1);

    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.UNCONFIRMED);
    assertThat(why(delivery).sentence()).startsWith("it was cancelled, but nobody knows");
    publishing.confirm(WORKSPACE, delivery.id(), false, null);
    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.CANCELLED);
  }

  @Test
  void whatIsInDoubtAlreadyCanStillBeTakenBack() {
    Delivery delivery = fixture.due(fixture.channel());
    settle(delivery, new Outcome.Ambiguous(0, "timeout"));
    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.UNCONFIRMED);

    publishing.cancel(WORKSPACE, delivery.scheduledPost(), OptionalLong.empty());
    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.UNCONFIRMED);
    assertThat(why(delivery).sentence()).startsWith("it was cancelled, but nobody knows");
    assertThat(publishing.cancelDelivery(WORKSPACE, delivery.id()).state())
        .isEqualTo(DeliveryState.UNCONFIRMED);
    publishing.confirm(WORKSPACE, delivery.id(), false, null);
    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.CANCELLED);
  }

  @Test
  void concurrencyChangesWhileRunningAndIsKept() {
    CallSlots slots = slots();
    PlatformWorkers workers = workers(slots);
    assertThat(workers.list()).containsExactly(new Workers.Worker("mastodon", 2, 2, 0));
    fixture.arm(fixture.due(fixture.channel()));

    assertThat(workers.change("mastodon", 5)).isEqualTo(new Workers.Worker("mastodon", 5, 2, 1));
    assertThat(slots.take("mastodon", HOST, 9)).isEqualTo(5);

    // Another node learns it from the ledger.
    CallSlots others = slots();
    assertThat(workers(others).list().getFirst().concurrency()).isEqualTo(5);
    others.change(fixture.ledger.switches().concurrency());
    assertThat(others.take("mastodon", HOST, 9)).isEqualTo(5);

    assertThat(workers.change("mastodon", 1).concurrency()).isEqualTo(1);
    slots.giveBack(HOST, 4);
    assertThat(slots.take("mastodon", HOST, 9)).isZero();
    slots.giveBack(HOST, 1);
    assertThat(slots.take("mastodon", HOST, 9)).isEqualTo(1);

    assertThat(workers.change("mastodon", null).concurrency()).isEqualTo(2);
    assertThatThrownBy(() -> workers.change("mastodon", 1_001))
        .isInstanceOf(PulsegridException.class)
        .hasMessageContaining("concurrency");
    assertThatThrownBy(() -> workers.change("myspace", 1))
        .isInstanceOf(PulsegridException.class)
        .hasMessageContaining("platform");
  }

  private PlatformWorkers workers(CallSlots slots) {
    return new PlatformWorkers(fixture.ledger.switches(), slots, Set.of("mastodon"));
  }

  private static CallSlots slots() {
    PlatformSettings settings =
        new PlatformSettings(
            Map.of("mastodon", new PlatformSettings.Platform(Map.of(), 2, Duration.ofSeconds(10))));
    return new CallSlots(() -> settings, System::nanoTime);
  }
}
