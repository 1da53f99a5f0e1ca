package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.publish.Attempt;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.telling.Webhook;
import io.pulsegrid.node.store.TestStore;
import io.pulsegrid.node.webhooks.Receiver;
import io.pulsegrid.node.webhooks.WebhookFixture;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is told of publishing, and that telling never publishes: through whole engines. */
class ToldTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final EngineFixture fixture = new EngineFixture(2);
  private final WebhookFixture telling =
      new WebhookFixture(
          new TestStore(
              fixture.base.database,
              JdbcClient.create(fixture.base.database),
              fixture.base.transactions,
              fixture.base.ids));
  private final Receiver receiver = new Receiver();

  @AfterEach
  void close() {
    telling.close();
    receiver.close();
    fixture.close();
  }

  /** postiz 1191: webhooks for every state. */
  @Test
  void everyStateOfEveryDeliveryIsToldOnce() {
    telling.webhook(receiver.at("/in"));
    telling.node();
    telling.node();
    fixture.start();
    String channel = fixture.channel("t-told");
    Delivery published = fixture.publish(channel, "published");
    awaitState(published, DeliveryState.PUBLISHED);
    fixture.fault("create-then-close", 1, "");
    Delivery doubted = fixture.publish(channel, "doubted");
    awaitState(doubted, DeliveryState.PUBLISHED);
    Delivery rejected = fixture.publish(channel, "x".repeat(501));
    awaitState(rejected, DeliveryState.FAILED);
    Delivery cancelled =
        fixture
            .publishing()
            .schedule(
                WORKSPACE,
                LedgerFixture.draft(
                    "cancelled",
                    new io.pulsegrid.core.time.When.At(java.time.Instant.now().plusSeconds(3600)),
                    channel))
            .deliveries()
            .getFirst();
    fixture.publishing().cancelDelivery(WORKSPACE, cancelled.id());

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(told(published)).containsExactly("SCHEDULED", "ARMED", "PUBLISHED");
              assertThat(told(doubted))
                  .containsExactly("SCHEDULED", "ARMED", "UNCONFIRMED", "PUBLISHED");
              assertThat(told(rejected)).containsExactly("SCHEDULED", "ARMED", "FAILED");
              assertThat(told(cancelled)).containsExactly("SCHEDULED", "CANCELLED");
              assertThat(alerts()).containsExactlyInAnyOrder("UNCONFIRMED", "FAILED");
            });
    List<Receiver.Heard> heard = receiver.heard();
    assertThat(heard).extracting(Receiver.Heard::id).doesNotHaveDuplicates();
    assertThat(heard)
        .extracting(Receiver.Heard::number)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.rangeClosed(1, heard.size()).boxed().toList());
  }

  @Test
  void whatIsTriedAgainOrComesTooLateIsToldToo() {
    telling.webhook(receiver.at("/in"));
    telling.node();
    String nowhere = fixture.channel("t-nowhere", URI.create("http://127.0.0.1:1"));
    Delivery late = fixture.publish(nowhere, "late");
    fixture.base.jdbc.update("UPDATE delivery SET expires_at = now() - interval '1 second'");
    Delivery again = fixture.publish(nowhere, "again");
    fixture.start();

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(told(late)).containsExactly("SCHEDULED", "MISSED");
              assertThat(told(again)).startsWith("SCHEDULED", "ARMED", "RETRY", "ARMED");
            });
  }

  /** postiz 1321: a side effect that failed inside the retried step posted without end. */
  @Test
  void aWebhookThatFailsNeverPublishesAnythingAgain() {
    Webhook.Made made = telling.webhook(receiver.at("/broken"));
    receiver.answers(_ -> 500);
    telling.node();
    fixture.start();
    Delivery delivery = fixture.publish(fixture.channel("t-told"), "once");

    await()
        .atMost(SOON)
        .until(
            () ->
                telling
                    .store()
                    .sql("SELECT parked_at IS NOT NULL FROM webhook WHERE id = ?")
                    .param(made.webhook().id())
                    .query(Boolean.class)
                    .single());
    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.PUBLISHED);
    assertThat(fixture.story(delivery)).containsExactly("accepted");
    assertThat(fixture.arrived()).hasSize(1);
    assertThat(receiver.heard()).hasSizeGreaterThan(1);
  }

  /** postiz 1724: one delivery with all its attempts; postiz 1681: said to fail, and there. */
  @Test
  void aDeliveryHasItsWholeStoryInOnePlace() {
    fixture.start();
    String channel = fixture.channel("t-story");
    fixture.fault("429", 1, ",\"delayMs\":1000");
    fixture.fault("create-then-400", 1, "");
    Delivery delivery = fixture.publish(channel, "a long way");
    awaitState(delivery, DeliveryState.PUBLISHED);

    List<Attempt> story = fixture.base.publishing.attempts(WORKSPACE, delivery.id());
    assertThat(story)
        .extracting(Attempt::outcome)
        .containsExactly("throttled", "ambiguous", "probed");
    assertThat(story).extracting(Attempt::number).containsExactly(1, 2, 3);
    assertThat(story).extracting(Attempt::httpStatus).containsExactly(429, 400, 0);
    assertThat(story).extracting(Attempt::fence).isSorted().doesNotHaveDuplicates();
    assertThat(story)
        .allSatisfy(
            one -> {
              assertThat(one.node()).startsWith("node-");
              assertThat(one.endedAt()).isAfterOrEqualTo(one.startedAt());
              assertThat(one.detail()).isNotBlank();
              assertThat(one.next()).isNotBlank();
            });
    assertThat(fixture.arrived()).hasSize(1);
  }

  private List<String> told(Delivery delivery) {
    return receiver.heard().stream()
        .map(one -> one.json().path("data"))
        .filter(data -> data.path("id").asString().equals(delivery.id()))
        .map(data -> data.path("state").asString())
        .toList();
  }

  private List<String> alerts() {
    return receiver.heard().stream()
        .filter(one -> one.json().path("type").asString().equals("alert"))
        .map(one -> one.json().path("data").path("kind").asString())
        .toList();
  }

  private void awaitState(Delivery delivery, DeliveryState state) {
    fixture.awaitState(delivery, state, SOON);
  }
}
