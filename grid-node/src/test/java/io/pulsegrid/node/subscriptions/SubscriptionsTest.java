package io.pulsegrid.node.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.telling.EventKind;
import io.pulsegrid.core.telling.Subscription;
import io.pulsegrid.core.telling.Subscription.Target;
import io.pulsegrid.core.telling.Subscription.Wanted;
import io.pulsegrid.core.telling.Webhook;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.node.webhooks.Receiver;
import io.pulsegrid.node.webhooks.WebhookFixture;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Whom subscriptions tell, and who may see them. */
class SubscriptionsTest extends EmergingTrends {
  @Test
  void tellsAnAddressByAWebhookOfItsOwnAndNobodyElse() throws Exception {
    try (Receiver receiver = new Receiver();
        Receiver listening = new Receiver()) {
      webhooks
          .webhooks()
          .create(WORKSPACE, new Webhook.Spec(listening.at("/all"), Set.of(EventKind.ALERT)), null);
      Subscription.Made made =
          subscriptions.create(
              WORKSPACE,
              new Subscription.Spec(
                  new Wanted(null, null, null, 0), new Target.Address(receiver.at("/mine"))));
      Subscription.Made second =
          subscriptions.create(
              WORKSPACE,
              new Subscription.Spec(
                  new Wanted("quake", null, null, 0), new Target.Address(receiver.at("/mine"))));
      assertThat(second.subscription().webhook()).isEqualTo(made.subscription().webhook());
      assertThat(second.secret()).isNull();
      receiver.answers(_ -> receiver.heard().size() < 3 ? 503 : 204);
      save(trend("Rust in the kernel", TrendState.EMERGING, 2, 2));
      look();
      webhooks.node();

      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> receiver.heard().size() == 3);
      String event = alerts().getFirst().id();
      assertThat(receiver.heard()).extracting(Receiver.Heard::id).containsOnly(event);
      Receiver.Heard heard = receiver.heard().getLast();
      assertThat(heard.isSignedWith(String.valueOf(made.secret()))).isTrue();
      assertThat(heard.json().path("data").path("subscription").asString())
          .isEqualTo(made.subscription().id());
      assertThat(listening.heard()).isEmpty();

      String webhook = String.valueOf(made.subscription().webhook());
      assertThatThrownBy(() -> webhooks.webhooks().delete(WORKSPACE, webhook))
          .hasMessageContaining("subscriptions tell webhook");
      subscriptions.delete(WORKSPACE, made.subscription().id());
      assertThat(webhooks.webhooks().find(WORKSPACE, webhook)).isPresent();
      subscriptions.delete(WORKSPACE, second.subscription().id());
      assertThat(webhooks.webhooks().find(WORKSPACE, webhook)).isEmpty();
    }
  }

  @Test
  void tellsWebhooksThatAskOfEachTurnOfATrend() throws Exception {
    save(trend("Quake", TrendState.EMERGING, 1, 1));
    try (Receiver receiver = new Receiver()) {
      Webhook.Made _ =
          webhooks
              .webhooks()
              .create(
                  WORKSPACE,
                  new Webhook.Spec(receiver.at("/trends"), Set.of(EventKind.TREND)),
                  null);
      Trend.Moment begun = new Trend.Moment.Entered(TrendState.EMERGING, NOON);
      save(trend("Quake", TrendState.EMERGING, 2, 2, begun));
      save(trend("Quake", TrendState.EMERGING, 2.5, 3, begun));
      save(
          trend(
              "Quake",
              TrendState.RISING,
              9,
              9,
              begun,
              new Trend.Moment.Entered(TrendState.RISING, NOON.plusSeconds(9))));
      webhooks.node();
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> receiver.heard().size() == 2);
      assertThat(receiver.heard())
          .extracting(one -> one.json().path("data").path("state").asString())
          .containsExactly("EMERGING", "RISING");
      assertThat(receiver.heard().getLast().json().path("type").asString()).isEqualTo("trend");
      assertThat(receiver.heard().getLast().json().path("data").path("history").size())
          .isEqualTo(2);
    }
  }

  @Test
  void seesOnlyItsWorkspaceAndTakesNoAddressThatMustNotBeCalled() throws SQLException {
    Subscription ours = subscribe(new Wanted(null, null, null, 0), null);
    WorkspaceId other = WebhookFixture.OTHER;
    Subscription theirs =
        subscriptions
            .create(other, new Subscription.Spec(new Wanted(null, null, null, 0), null))
            .subscription();
    save(trend("Quake", TrendState.EMERGING, 2, 2));
    look();

    assertThat(labels(ours)).containsExactly("Quake");
    assertThat(labels(theirs)).isEmpty();
    assertThat(subscriptions.find(other, ours.id())).isEmpty();
    assertThat(subscriptions.list(other, PageRequest.first()).items()).containsExactly(theirs);
    assertThatThrownBy(() -> subscriptions.delete(other, ours.id()))
        .isInstanceOf(PulsegridException.class);
    for (Target target :
        List.of(
            new Target.Address(URI.create("http://10.0.0.1/")), new Target.OfWebhook("nobody"))) {
      assertThatThrownBy(
              () ->
                  subscriptions.check(
                      WORKSPACE, new Subscription.Spec(new Wanted(null, null, null, 0), target)))
          .isInstanceOfSatisfying(
              PulsegridException.class,
              e -> assertThat(e.errors()).extracting(FieldError::field).containsExactly("target"));
    }
  }
}
