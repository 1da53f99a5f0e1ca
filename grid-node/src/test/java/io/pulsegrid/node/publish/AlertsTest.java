package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryEvent;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Probe;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Alerts;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.node.store.ledger.OutboxStore.Unsent;
import io.pulsegrid.node.store.ledger.SealedCredentials;
import io.pulsegrid.node.store.ledger.Settlement;
import io.pulsegrid.node.store.telling.StoredAlerts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What goes wrong in the ledger, as people are told. */
class AlertsTest {
  private static final Alerts.Filter ALL = new Alerts.Filter(Set.of(), null, false);
  private static final Alerts.Filter OPEN = new Alerts.Filter(Set.of(), null, true);

  private final LedgerFixture fixture = new LedgerFixture();
  private final StoredAlerts alerts = new StoredAlerts(JdbcClient.create(fixture.database));
  private final String channel = fixture.channel();

  @Test
  void aDeliveryThatFailsIsToldWithWhatThePlatformSaid() {
    Delivery delivery = fixture.due(channel);
    settle(called(delivery, new Outcome.Rejected(422, "HTTP 422: too long")));

    assertThat(list(ALL))
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.kind()).isEqualTo(Alert.Kind.FAILED);
              assertThat(alert.sentence())
                  .isEqualTo(
                      "a post for @me on mastodon failed: HTTP 422: too long;"
                          + " once the reason is gone, redrive it");
              assertThat(alert.concerns())
                  .isEqualTo(
                      new Alert.Concerns(
                          delivery.id(), delivery.scheduledPost(), channel, null, null, null));
            });
    assertThat(told())
        .filteredOn(unsent -> unsent.subject() instanceof Event.Subject.OfAlert)
        .singleElement()
        .satisfies(
            unsent -> {
              assertThat(unsent.subject())
                  .isEqualTo(new Event.Subject.OfAlert(list(ALL).getFirst()));
              assertThat(unsent.id()).isEqualTo(list(ALL).getFirst().id());
            });
  }

  @Test
  void anAlertIsOverWhenItIsNoLongerSo() {
    Delivery delivery = fixture.due(channel);
    settle(called(delivery, new Outcome.Ambiguous(0, "cut off")));
    assertThat(list(OPEN)).extracting(Alert::kind).containsExactly(Alert.Kind.UNCONFIRMED);

    // Asked once more without an answer: nothing new to tell.
    settle(probed(delivery, new Probe.Unknown("no answer")));
    assertThat(list(ALL)).hasSize(1);

    settle(probed(delivery, new Probe.Found("1", null)));
    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.PUBLISHED);
    assertThat(list(OPEN)).isEmpty();
    assertThat(list(ALL)).singleElement().satisfies(one -> assertThat(one.overAt()).isNotNull());
  }

  @Test
  void whatIsMissedIsTold() {
    Delivery delivery = fixture.due(channel);
    fixture.jdbc.update("UPDATE delivery SET expires_at = now()");
    settle(
        fixture.decisions.swept(
            fixture.ledger.sweeps().tooLate(1).getFirst(),
            new DeliveryEvent.TooLate(),
            "its time and its grace are over"));

    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.MISSED);
    assertThat(list(OPEN)).extracting(Alert::kind).containsExactly(Alert.Kind.MISSED);
  }

  @Test
  void whatIsRedrivenIsOverAndFailsAnew() {
    Delivery delivery = fixture.due(channel);
    settle(called(delivery, new Outcome.Rejected(422, "no")));
    fixture.publishing.retry(WORKSPACE, delivery.id());
    assertThat(list(OPEN)).isEmpty();
    settle(called(fixture.now(delivery), new Outcome.Rejected(422, "still no")));
    assertThat(list(OPEN)).extracting(Alert::reason).containsExactly("still no");
    assertThat(list(ALL)).extracting(Alert::id).doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void aStatementRepeatedAfterALostReplyTellsNothingTwice() {
    Settlement failed = called(fixture.due(channel), new Outcome.Rejected(422, "no"));
    settle(failed);
    settle(failed);
    assertThat(list(ALL)).hasSize(1);
    SealedCredentials used = used();
    assertThat(refuse(used)).isTrue();
    assertThat(refuse(used)).isFalse();
    assertThat(list(ALL)).hasSize(2);
  }

  @Test
  void whatIsTakenBackIsNeverTold() {
    Delivery delivery = fixture.due(channel);
    Settlement failed = called(delivery, new Outcome.Rejected(422, "no"));
    assertThatThrownBy(
            () ->
                fixture.transactions.execute(
                    _ -> {
                      settle(failed);
                      throw new IllegalStateException("the store loses the transaction");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.ARMED);
    assertThat(list(ALL)).isEmpty();
  }

  @Test
  void aChannelThatItsPlatformMadePauseIsToldUntilItGoesOn() {
    assertThat(refuse(used())).isTrue();
    assertThat(list(OPEN))
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.kind()).isEqualTo(Alert.Kind.CHANNEL_PAUSED);
              assertThat(alert.concerns().channel()).isEqualTo(channel);
              assertThat(alert.sentence())
                  .isEqualTo("@me on mastodon is paused: HTTP 401; it needs other credentials");
            });

    fixture.jdbc.update("UPDATE channel SET paused = false, pause_reason = NULL");
    assertThat(list(OPEN)).isEmpty();

    // A person's own pause is nothing to be told of.
    fixture.jdbc.update("UPDATE channel SET paused = true");
    assertThat(list(ALL)).hasSize(1);
  }

  @Test
  void aRefusalOfCredentialsThatWereReplacedStopsNothing() {
    SealedCredentials used = used();
    fixture.jdbc.update("UPDATE channel SET credentials = ?", new byte[] {7});

    assertThat(refuse(used)).isFalse();
    assertThat(list(ALL)).isEmpty();
  }

  @Test
  void aChannelThatIsGoneWaitsForNobody() {
    assertThat(refuse(used())).isTrue();
    fixture.jdbc.update("DELETE FROM channel WHERE id = ?", channel);
    assertThat(list(OPEN)).isEmpty();
    assertThat(list(ALL)).hasSize(1);
  }

  @Test
  void areListedLatestFirstByKindTimeAndPage() {
    for (int i = 0; i < 5; i++) {
      settle(called(fixture.due(channel, "post " + i), new Outcome.Rejected(422, "no " + i)));
    }
    settle(called(fixture.due(channel, "doubt"), new Outcome.Ambiguous(0, "cut off")));

    List<String> seen = new ArrayList<>();
    String cursor = null;
    do {
      Page<Alert> page =
          alerts.list(
              WORKSPACE,
              new Alerts.Filter(Set.of(Alert.Kind.FAILED), null, false),
              new PageRequest(2, cursor));
      page.items().forEach(alert -> seen.add(alert.reason()));
      cursor = page.next();
    } while (cursor != null);
    assertThat(seen).containsExactly("no 4", "no 3", "no 2", "no 1", "no 0");

    Instant third = list(ALL).get(3).at();
    assertThat(list(new Alerts.Filter(Set.of(), third, false))).hasSize(4);
    assertThat(alerts.list(new WorkspaceId("other"), ALL, PageRequest.first()).items()).isEmpty();
    assertThatThrownBy(() -> alerts.list(WORKSPACE, ALL, new PageRequest(2, "foreign")))
        .isInstanceOf(PulsegridException.class);
  }

  @Test
  void areForgottenAfterATime() {
    settle(called(fixture.due(channel), new Outcome.Rejected(422, "old")));
    fixture.jdbc.update("UPDATE alert SET at = at - interval '91 days'");
    settle(called(fixture.due(channel, "new"), new Outcome.Rejected(422, "new")));

    assertThat(alerts.forget(Duration.ofDays(90), 10)).isEqualTo(1);
    assertThat(alerts.forget(Duration.ofDays(90), 10)).isZero();
    assertThat(list(ALL)).extracting(Alert::reason).containsExactly("new");
  }

  /** What a call of the channel was made with. */
  private SealedCredentials used() {
    return fixture.arm(fixture.due(channel)).credentials();
  }

  /** The platform no longer takes these credentials. */
  private boolean refuse(SealedCredentials used) {
    return fixture.ledger.deliveries().pauseChannel(channel, used, "HTTP 401");
  }

  private List<Alert> list(Alerts.Filter filter) {
    return alerts.list(WORKSPACE, filter, PageRequest.first()).items();
  }

  private Settlement called(Delivery delivery, Outcome outcome) {
    return fixture.decisions.called(fixture.arm(delivery).charge(), outcome, Instant.now());
  }

  private Settlement probed(Delivery delivery, Probe answer) {
    return fixture.decisions.probed(
        fixture.ledger.deliveries().findCharge(WORKSPACE, delivery.id()).orElseThrow(),
        new DeliveryEvent.Probed(answer, false, LedgerFixture.TIMEOUT),
        Instant.now());
  }

  private void settle(Settlement... settlements) {
    fixture.ledger.settlements().settle(Stream.of(settlements).toList());
  }

  private List<Unsent> told() {
    List<Unsent> told = new ArrayList<>();
    fixture.ledger.outbox().tell(100, told::addAll);
    return told;
  }
}
