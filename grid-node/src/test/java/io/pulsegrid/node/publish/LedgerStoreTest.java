package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.publish.Attempt;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryEvent;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Probe;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.DeliveryStore;
import io.pulsegrid.node.store.ledger.DoubtStore.Doubtful;
import io.pulsegrid.node.store.ledger.OutboxStore.Unsent;
import io.pulsegrid.node.store.ledger.Sendable;
import io.pulsegrid.node.store.ledger.Settlement;
import io.pulsegrid.node.store.ledger.SweepStore.Head;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LedgerStoreTest {
  private final LedgerFixture fixture = new LedgerFixture();

  @Test
  void armsWhatIsDueOnceAndReturnsAllThatTheCallNeeds() {
    Delivery delivery = fixture.due(fixture.channel());

    List<Sendable> first = fixture.armAll(List.of(delivery), "token-1");
    List<Sendable> second = fixture.armAll(List.of(delivery), "token-2");

    assertThat(first).hasSize(1);
    assertThat(second).isEmpty();
    Sendable armed = first.getFirst();
    assertThat(armed.text()).isEqualTo("hello");
    assertThat(armed.channel().handle()).isEqualTo("@me");
    assertThat(armed.credentials().bytes()).isNotEmpty();
    assertThat(armed.charge().delivery().state()).isEqualTo(DeliveryState.ARMED);
    assertThat(armed.charge().delivery().fence()).isEqualTo(delivery.fence() + 1);
    assertThat(armed.charge().armedBy()).isEqualTo(LedgerFixture.PROCESS);
  }

  @Test
  void aLostReplyIsReadAgainByItsToken() {
    Delivery delivery = fixture.due(fixture.channel());
    fixture.armAll(List.of(delivery), "token-1");

    assertThat(fixture.ledger.arms().armedUnder("token-1", List.of(delivery.id()))).hasSize(1);
    assertThat(fixture.ledger.arms().armedUnder("token-2", List.of(delivery.id()))).isEmpty();
  }

  @Test
  void nothingIsArmedWhileItsChannelOrEverythingIsPaused() {
    String channel = fixture.channel();
    Delivery delivery = fixture.due(channel);

    fixture.publishing.pause();
    assertThat(fixture.armAll(List.of(delivery), "t1")).isEmpty();
    fixture.publishing.resume();
    fixture.jdbc.update("UPDATE channel SET paused = true");
    assertThat(fixture.armAll(List.of(delivery), "t2")).isEmpty();
    fixture.jdbc.update("UPDATE channel SET paused = false");
    assertThat(fixture.armAll(List.of(delivery), "t3")).hasSize(1);
  }

  @Test
  void nothingIsArmedBeforeItsTimeOrAfterItIsWorthSending() {
    Delivery delivery = fixture.due(fixture.channel());

    fixture.jdbc.update("UPDATE delivery SET due_at = now() + interval '1 minute'");
    assertThat(fixture.armAll(List.of(delivery), "t1")).isEmpty();
    fixture.jdbc.update(
        "UPDATE delivery SET due_at = now() - interval '1 day', expires_at = now()");
    assertThat(fixture.armAll(List.of(delivery), "t2")).isEmpty();
    assertThat(fixture.ledger.sweeps().tooLate(10)).hasSize(1);
  }

  /** A backoff that the query for what is due ignores is none. */
  @Test
  void whatIsTriedAgainWaitsForItsPauseAndIsNeitherFoundNorArmedBefore() {
    Delivery delivery = fixture.due(fixture.channel());
    fixture
        .ledger
        .settlements()
        .settle(
            List.of(
                fixture.decisions.called(
                    fixture.arm(delivery).charge(),
                    new Outcome.Transient(0, "refused"),
                    Instant.now())));

    Delivery retry = fixture.now(delivery);
    assertThat(retry.state()).isEqualTo(DeliveryState.RETRY);
    assertThat(retry.dueAt()).isAfter(Instant.now());
    assertThat(fixture.ledger.sweeps().overdueOn(List.of(retry.channel()), Duration.ZERO, 2))
        .isEmpty();
    assertThat(fixture.armAll(List.of(retry), "t1")).isEmpty();
  }

  /** Others look back two days and never find what is older. */
  @Test
  void whatIsOverdueIsFoundHoweverLongAgoItWasDue() {
    Delivery delivery = fixture.due(fixture.channel());
    fixture.jdbc.update(
        """
        UPDATE delivery SET due_at = now() - interval '40 days',
          expires_at = now() + interval '20 days', changed_at = now() - interval '40 days'
        """);

    assertThat(
            fixture
                .ledger
                .sweeps()
                .overdueOn(List.of(delivery.channel()), Duration.ofSeconds(5), 2))
        .extracting(Waiting::id)
        .containsExactly(delivery.id());
    assertThat(fixture.ledger.sweeps().heads()).hasSize(1);

    fixture.jdbc.update("UPDATE delivery SET expires_at = now() - interval '39 days'");
    assertThat(fixture.ledger.sweeps().tooLate(10)).hasSize(1);
    fixture.jdbc.update(
        """
        UPDATE delivery SET state = 'ARMED', arm_token = 't', armed_by = 'nobody',
          armed_at = now() - interval '40 days',
          lease_until = now() - interval '40 days'
        """);
    assertThat(
            fixture
                .ledger
                .sweeps()
                .leasesExpired(LedgerFixture.TIMES, LedgerFixture.SLACK, Duration.ofDays(1), 10))
        .hasSize(1);
  }

  @Test
  void aResendIsArmedOnlyWhileThePlatformRemembersTheKey() {
    Delivery delivery = fixture.due(fixture.channel());
    String resend = "UPDATE delivery SET doubt_since = now(), resend_until = now() + ?::interval";

    fixture.jdbc.update(resend, "5 seconds");
    assertThat(fixture.armAll(List.of(delivery), "t1")).isEmpty();
    assertThat(fixture.ledger.sweeps().keysLapsed(LedgerFixture.TIMES, 10)).hasSize(1);
    fixture.jdbc.update(resend, "50 minutes");
    assertThat(fixture.ledger.sweeps().keysLapsed(LedgerFixture.TIMES, 10)).isEmpty();
    assertThat(fixture.armAll(List.of(delivery), "t2")).hasSize(1);
  }

  /** A platform whose calls are long keeps nothing of the others waiting. */
  @Test
  void afterAnOutageOfTheStoreEachPlatformWaitsForItsOwnCalls() {
    Delivery brief = fixture.due(fixture.channel());
    Delivery lengthy = fixture.due(fixture.channel());
    fixture.arm(brief);
    fixture.arm(lengthy);
    fixture.jdbc.update("UPDATE delivery SET lease_until = now() - interval '1 second'");
    fixture.jdbc.update("UPDATE delivery SET platform = 'youtube' WHERE id = ?", lengthy.id());

    assertThat(expired(Duration.ofSeconds(39))).isEmpty();
    assertThat(expired(Duration.ofSeconds(40))).containsExactly(brief.id());
    assertThat(expired(Duration.ofSeconds(330))).containsExactly(brief.id(), lengthy.id());
  }

  private List<String> expired(Duration quiet) {
    return fixture
        .ledger
        .sweeps()
        .leasesExpired(LedgerFixture.TIMES, LedgerFixture.SLACK, quiet, 10)
        .stream()
        .map(charge -> charge.delivery().id())
        .sorted()
        .toList();
  }

  @Test
  void settlesStateStoryAndOutboxTogether() {
    Delivery delivery = fixture.due(fixture.channel());
    Sendable armed = fixture.arm(delivery);

    List<Delivery> changed = settle(called(armed, accepted("42")));

    assertThat(changed)
        .singleElement()
        .extracting(Delivery::state)
        .isEqualTo(DeliveryState.PUBLISHED);
    Delivery now = fixture.now(delivery);
    assertThat(now.result().remoteId()).isEqualTo("42");
    assertThat(now.attempts()).isEqualTo(1);
    assertThat(story(delivery)).containsExactly("accepted");
    assertThat(told(delivery))
        .containsExactly(DeliveryState.SCHEDULED, DeliveryState.ARMED, DeliveryState.PUBLISHED);
    assertThat(told(delivery)).isEmpty();
  }

  @Test
  void writingTheSameSettlementAgainChangesNothing() {
    Delivery delivery = fixture.due(fixture.channel());
    Settlement settlement = called(fixture.arm(delivery), new Outcome.Transient(0, "refused"));

    settle(settlement);
    Delivery once = fixture.now(delivery);
    settle(settlement);

    assertThat(fixture.now(delivery)).isEqualTo(once);
    assertThat(story(delivery)).containsExactly("transient");
  }

  @Test
  void anOldFenceChangesNothingButStaysInTheStory() {
    Delivery delivery = fixture.due(fixture.channel());
    Sendable armed = fixture.arm(delivery);
    Settlement late = called(armed, new Outcome.Transient(0, "refused"));
    settle(fixture.decisions.swept(armed.charge(), new DeliveryEvent.LeaseExpired(), "lease over"));

    assertThat(settle(late)).isEmpty();

    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.UNCONFIRMED);
    assertThat(story(delivery)).containsExactly("swept", "transient");
    assertThat(fixture.publishing.attempts(WORKSPACE, delivery.id()).getLast().next())
        .isEqualTo("nothing: the delivery had moved on to UNCONFIRMED");
  }

  @Test
  void acceptedSettlesWhateverTheFence() {
    Delivery delivery = fixture.due(fixture.channel());
    Sendable armed = fixture.arm(delivery);
    settle(fixture.decisions.swept(armed.charge(), new DeliveryEvent.LeaseExpired(), "lease over"));

    settle(called(armed, accepted("42")));

    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.PUBLISHED);
    assertThat(fixture.now(delivery).result().remoteId()).isEqualTo("42");
  }

  @Test
  void twoAnswersForOneDeliveryInABatchAreBothWritten() {
    Delivery delivery = fixture.due(fixture.channel());
    Sendable armed = fixture.arm(delivery);
    Settlement swept =
        fixture.decisions.swept(armed.charge(), new DeliveryEvent.LeaseExpired(), "lease over");

    settle(swept, called(armed, accepted("42")));

    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.PUBLISHED);
    assertThat(story(delivery)).containsExactly("swept", "accepted");
  }

  @Test
  void twoDeliveriesNeverHoldTheSamePost() {
    String channel = fixture.channel();
    Delivery one = fixture.due(channel);
    Delivery other = fixture.due(channel);
    Sendable armedOne = fixture.arm(one);
    Sendable armedOther = fixture.arm(other);

    // In one batch, neither sees the other's claim before the index does.
    settle(called(armedOne, accepted("42")), called(armedOther, accepted("42")));

    assertThat(fixture.state(one)).isEqualTo(DeliveryState.PUBLISHED);
    assertThat(fixture.state(other)).isEqualTo(DeliveryState.PUBLISHED);
    assertThat(List.of(fixture.now(one), fixture.now(other)))
        .extracting(now -> now.result().remoteId())
        .containsExactlyInAnyOrder("42", null);
    assertThat(List.of(fixture.now(one), fixture.now(other)))
        .extracting(now -> now.result().lastError())
        .containsExactlyInAnyOrder(
            null, "the platform answered with 42, which another delivery holds");
  }

  @Test
  void aProbeThatFindsWhatAnotherClaimedChangesNothing() {
    String channel = fixture.channel();
    settle(called(fixture.arm(fixture.due(channel)), accepted("42")));
    Delivery doubtful = fixture.due(channel);
    settle(called(fixture.arm(doubtful), new Outcome.Ambiguous(0, "timeout")));
    fixture.age(doubtful, Duration.ofMinutes(1));
    Charge charge = toProbe(channel).getFirst().charge();

    assertThat(
            settle(
                fixture.decisions.probed(
                    charge,
                    new DeliveryEvent.Probed(
                        new Probe.Found("42", null), false, LedgerFixture.TIMEOUT),
                    Instant.now())))
        .isEmpty();
    assertThat(fixture.state(doubtful)).isEqualTo(DeliveryState.UNCONFIRMED);
    assertThat(fixture.ledger.doubts().claimedOn(channel, Instant.EPOCH)).containsExactly("42");
  }

  @Test
  void aDoubtIsGivenToOneAskerAtATime() {
    String channel = fixture.channel();
    Delivery doubtful = fixture.due(channel);
    settle(called(fixture.arm(doubtful), new Outcome.Ambiguous(0, "timeout")));
    assertThat(fixture.ledger.doubts().doubtful()).isEmpty();
    assertThat(toProbe(channel)).isEmpty();
    fixture.age(doubtful, Duration.ofMinutes(1));

    assertThat(fixture.ledger.doubts().doubtful())
        .containsExactly(new Doubtful(channel, "mastodon", 1));
    assertThat(toProbe(fixture.channel())).isEmpty();
    assertThat(toProbe(channel)).hasSize(1);
    assertThat(toProbe(channel)).isEmpty();
  }

  private List<Sendable> toProbe(String channel) {
    return fixture.ledger.doubts().toProbe(channel, Duration.ofMinutes(1), 10);
  }

  @Test
  void headsAndOverdueDeliveriesAreFoundChannelByChannel() {
    String busy = fixture.channel();
    String quiet = fixture.channel();
    String paused = fixture.channel();
    for (int i = 0; i < 5; i++) {
      fixture.due(busy);
    }
    Delivery only = fixture.due(quiet);
    fixture.due(paused);
    fixture.jdbc.update("UPDATE channel SET paused = true WHERE id = ?", paused);

    assertThat(fixture.ledger.sweeps().heads())
        .extracting(Head::channel)
        .containsExactlyInAnyOrder(busy, quiet, paused);
    List<String> channels = List.of(busy, quiet, paused);
    List<Waiting> overdue = fixture.ledger.sweeps().overdueOn(channels, Duration.ofMillis(500), 2);
    assertThat(overdue).extracting(Waiting::channel).containsExactlyInAnyOrder(busy, busy, quiet);
    assertThat(overdue).extracting(Waiting::id).contains(only.id());
    assertThat(fixture.ledger.sweeps().overdueOn(channels, Duration.ofMinutes(5), 2)).isEmpty();
    assertThat(fixture.ledger.sweeps().waitingOn(List.of(busy), Instant.now(), 3)).hasSize(3);
  }

  @Test
  void theMostUrgentOfALongBacklogIsFoundFirst() {
    String channel = fixture.channel();
    for (int i = 0; i < 3; i++) {
      fixture.due(channel);
    }
    Delivery urgent = fixture.due(channel);
    fixture.jdbc.update("UPDATE delivery SET priority = 9 WHERE id = ?", urgent.id());

    assertThat(fixture.ledger.sweeps().overdueOn(List.of(channel), Duration.ofMillis(500), 2))
        .extracting(Waiting::id)
        .startsWith(urgent.id());
  }

  @Test
  void whatWasNotToldIsToldAgain() {
    Delivery delivery = fixture.due(fixture.channel());
    List<Unsent> first = new ArrayList<>();
    List<Unsent> second = new ArrayList<>();

    assertThatThrownBy(
            () ->
                fixture
                    .ledger
                    .outbox()
                    .tell(
                        10,
                        unsent -> {
                          first.addAll(unsent);
                          throw new IllegalStateException("the node dies while telling");
                        }))
        .isInstanceOf(IllegalStateException.class);
    fixture.ledger.outbox().tell(10, second::addAll);

    assertThat(second).hasSize(1).isEqualTo(first);
    assertThat(second.getFirst().subject())
        .isEqualTo(new Event.Subject.OfDelivery(fixture.now(delivery)));
  }

  @Test
  void oldAttemptsAreForgottenInBatchesOnceTheirDeliveriesHaveEnded() {
    Delivery ended = fixture.due(fixture.channel());
    Delivery waiting = fixture.due(fixture.channel());
    Delivery fresh = fixture.due(fixture.channel());
    for (Delivery delivery : List.of(ended, waiting)) {
      settle(called(fixture.arm(delivery), new Outcome.Transient(503, "busy")));
    }
    fixture.jdbc.update("UPDATE delivery SET due_at = now() - interval '1 second'");
    settle(called(fixture.arm(fixture.now(ended)), accepted("1")));
    fixture.jdbc.update("UPDATE attempt SET ended_at = ended_at - interval '8 days'");
    settle(called(fixture.arm(fresh), accepted("2")));

    DeliveryStore deliveries = fixture.ledger.deliveries();
    assertThat(deliveries.forgetAttempts(Duration.ofDays(7), 1)).isEqualTo(1);
    assertThat(story(ended)).containsExactly("accepted");
    assertThat(deliveries.forgetAttempts(Duration.ofDays(7), 100)).isEqualTo(1);
    assertThat(deliveries.forgetAttempts(Duration.ofDays(7), 100)).isZero();
    assertThat(story(ended)).isEmpty();
    assertThat(story(waiting)).containsExactly("transient");
    assertThat(story(fresh)).containsExactly("accepted");
  }

  private List<Delivery> settle(Settlement... settlements) {
    return fixture.ledger.settlements().settle(List.of(settlements));
  }

  private Settlement called(Sendable armed, Outcome outcome) {
    return fixture.decisions.called(armed.charge(), outcome, Instant.now());
  }

  private static Outcome accepted(String id) {
    return new Outcome.Accepted(id, "https://example.org/" + id, 200, "");
  }

  private List<String> story(Delivery delivery) {
    return fixture.publishing.attempts(WORKSPACE, delivery.id()).stream()
        .map(Attempt::outcome)
        .toList();
  }

  private List<DeliveryState> told(Delivery delivery) {
    List<Unsent> told = new ArrayList<>();
    fixture.ledger.outbox().tell(100, told::addAll);
    return told.stream()
        .map(Unsent::subject)
        .flatMap(
            subject ->
                subject instanceof Event.Subject.OfDelivery(Delivery of)
                    ? Stream.of(of)
                    : Stream.empty())
        .filter(one -> one.id().equals(delivery.id()))
        .map(Delivery::state)
        .toList();
  }
}
