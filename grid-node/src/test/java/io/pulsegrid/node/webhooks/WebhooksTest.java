package io.pulsegrid.node.webhooks;

import static io.pulsegrid.node.webhooks.WebhookFixture.OTHER;
import static io.pulsegrid.node.webhooks.WebhookFixture.SETTINGS;
import static io.pulsegrid.node.webhooks.WebhookFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.connectors.webhook.WebhookCaller;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Alerts;
import io.pulsegrid.core.telling.EventKind;
import io.pulsegrid.core.telling.Webhook;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.node.config.WebhookSettings;
import io.pulsegrid.node.store.TestStore;
import io.pulsegrid.node.store.telling.StoredAlerts;
import io.pulsegrid.node.store.telling.WebhookQueue.Message;
import io.pulsegrid.node.webhooks.Receiver.Heard;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class WebhooksTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final List<String> LIFE = List.of("SCHEDULED", "ARMED", "PUBLISHED");

  private final WebhookFixture fixture = new WebhookFixture(TestStore.fresh());
  private final Receiver receiver = new Receiver();

  @AfterEach
  void close() {
    receiver.close();
    fixture.close();
  }

  @Test
  void tellsEveryChangeSignedNumberedAndInOrder() throws Exception {
    Webhook.Made made = fixture.webhook(receiver.at("/in"));
    String delivery = fixture.delivery();
    List<String> events = LIFE.stream().map(state -> fixture.tell(delivery, state)).toList();
    fixture.node();

    awaitHeard(3);
    assertThat(receiver.heard()).extracting(Heard::id).containsExactlyElementsOf(events);
    assertThat(receiver.heard()).extracting(Heard::number).containsExactly(1L, 2L, 3L);
    assertThat(states(receiver.heard())).containsExactlyElementsOf(LIFE);
    for (Heard one : receiver.heard()) {
      assertThat(one.isSignedWith(String.valueOf(made.secret()))).isTrue();
      assertThat(one.isSignedWith("whsec_" + "A".repeat(44))).isFalse();
      assertThat(Instant.ofEpochSecond(Long.parseLong(one.timestamp())))
          .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
      assertThat(one.json().path("type").asString()).isEqualTo("delivery");
      assertThat(one.json().path("id").asString()).isEqualTo(one.id());
      assertThat(one.json().path("data").path("id").asString()).isEqualTo(delivery);
      assertThat(one.json().path("data").propertyNames())
          .containsExactlyInAnyOrder(
              "id",
              "scheduledPost",
              "channel",
              "state",
              "dueAt",
              "nextTryAt",
              "attempts",
              "remoteId",
              "remoteUrl",
              "lastError");
    }
    await().atMost(SOON).until(() -> fixture.now(made).standing().waiting() == 0);
    assertThat(fixture.now(made).standing().lastNumber()).isEqualTo(3);
    assertThat(fixture.now(made).standing().takenAt()).isNotNull();
    assertThat(fixture.now(made).standing().lastError()).isNull();
  }

  /** A node that tells an event to its own listeners holds it for that long. */
  @Test
  void whatSomebodyHoldsIsWaitedForByWhatFollowsItAndByNothingElse() throws Exception {
    fixture.webhook(receiver.at("/in"));
    String held = fixture.delivery();
    String first = fixture.tell(held, "ARMED");
    String second = fixture.tell(held, "PUBLISHED");
    String other = fixture.tell(fixture.delivery(), "ARMED");
    try (Connection teller = fixture.store.source().getConnection()) {
      teller.setAutoCommit(false);
      try (var hold = teller.prepareStatement("SELECT FROM outbox WHERE id = ? FOR UPDATE")) {
        hold.setString(1, first);
        hold.executeQuery();
      }
      fixture.node();

      awaitHeard(1);
      await().during(Duration.ofSeconds(2)).until(() -> receiver.heard().size() == 1);
      teller.rollback();
    }
    awaitHeard(3);
    assertThat(receiver.heard()).extracting(Heard::id).containsExactly(other, first, second);
    assertThat(receiver.heard()).extracting(Heard::number).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aRetryCarriesTheSameIdNumberAndBody() throws Exception {
    Webhook.Made made = fixture.webhook(receiver.at("/in"));
    receiver.answers(_ -> receiver.heard().size() < 3 ? 503 : 200);
    String event = fixture.tell(fixture.delivery(), "SCHEDULED");
    fixture.node();

    awaitHeard(3);
    assertThat(receiver.heard()).extracting(Heard::id).containsOnly(event);
    assertThat(receiver.heard())
        .extracting(Heard::body)
        .containsOnly(receiver.heard().get(0).body());
    assertThat(receiver.heard().getLast().isSignedWith(String.valueOf(made.secret()))).isTrue();
    await().atMost(SOON).until(() -> fixture.now(made).standing().waiting() == 0);
    assertThat(fixture.now(made).standing().parkedAt()).isNull();
  }

  @Test
  void twoNodesTellEachEventOnceAndThoseOfADeliveryInOrder() {
    fixture.webhook(receiver.at("/in"));
    fixture.node();
    fixture.node();
    int deliveries = 60;
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < deliveries; i++) {
      ids.add(fixture.delivery());
    }
    for (String state : LIFE) {
      ids.forEach(delivery -> fixture.tell(delivery, state));
    }

    awaitHeard(deliveries * LIFE.size());
    List<Heard> heard = receiver.heard();
    assertThat(heard).extracting(Heard::id).doesNotHaveDuplicates();
    assertThat(heard)
        .extracting(Heard::number)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.rangeClosed(1, heard.size()).boxed().toList());
    Map<String, List<String>> lives = new HashMap<>();
    for (Heard one : heard) {
      lives
          .computeIfAbsent(one.json().path("data").path("id").asString(), _ -> new ArrayList<>())
          .add(one.json().path("data").path("state").asString());
    }
    assertThat(lives).hasSize(deliveries).allSatisfy((_, life) -> assertThat(life).isEqualTo(LIFE));
  }

  @Test
  void numbersHaveNoHoleHoweverManyNodesGiveThem() throws Exception {
    Webhook.Made made = fixture.webhook(receiver.at("/in"));
    int events = 300;
    for (int i = 0; i < events; i++) {
      fixture.tell(fixture.delivery(), "SCHEDULED");
    }
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        running.add(
            threads.submit(
                () -> {
                  for (int turn = 0; turn < 100; turn++) {
                    int _ = fixture.queue.fanOut(7);
                  }
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    while (fixture.queue.fanOut(100) > 0) {
      // What the four left because another was at it.
    }
    assertThat(
            fixture
                .store
                .jdbc()
                .sql(
                    "SELECT number FROM webhook_message m JOIN outbox o ON o.id = m.event"
                        + " ORDER BY o.seq")
                .query(Long.class)
                .list())
        .isEqualTo(LongStream.rangeClosed(1, events).boxed().toList());
    assertThat(fixture.now(made).standing().lastNumber()).isEqualTo(events);
  }

  @Test
  void aNodeThatDiesBetweenClaimAndSendIsReplacedWhenItsLeaseIsOver() {
    fixture.webhook(receiver.at("/in"));
    String event = fixture.tell(fixture.delivery(), "SCHEDULED");
    fixture.queue.fanOut(10);
    Duration lease = Duration.ofSeconds(2);
    Instant claimedAt = Instant.now();
    assertThat(fixture.queue.claim("a node that dies", Set.of(), 16, lease)).hasSize(1);
    assertThat(fixture.queue.claim("another", Set.of(), 16, lease)).isEmpty();

    fixture.node();

    awaitHeard(1);
    assertThat(Instant.now()).isAfter(claimedAt.plus(lease));
    assertThat(receiver.heard()).extracting(Heard::id).containsExactly(event);
  }

  @Test
  void aNodeThatDiesBeforeItWritesWhatWasTakenHasItToldAgainUnderTheSameId() {
    fixture.webhook(receiver.at("/in"));
    String event = fixture.tell(fixture.delivery(), "SCHEDULED");
    fixture.queue.fanOut(10);
    Message message = fixture.queue.claim("dies", Set.of(), 16, Duration.ofSeconds(1)).getFirst();
    new WebhookCaller(fixture.http, WebhookFixture.policy(true), InstantSource.system())
        .post(
            message.url(),
            fixture.queue.key(message),
            message.event(),
            "{}",
            Deadline.after(
                Duration.ofSeconds(5), new Clocks(System::nanoTime, InstantSource.system())));
    assertThat(receiver.heard()).hasSize(1);

    fixture.node();

    awaitHeard(2);
    assertThat(receiver.heard()).extracting(Heard::id).containsExactly(event, event);
  }

  @Test
  void aNodeThatStandsStillHoldsUpNobodyAndSpoilsNothingWhenItGoesOn() {
    Webhook.Made made = fixture.webhook(receiver.at("/in"));
    StoppableStore stopped = new StoppableStore(fixture.store);
    // The lease is the timeout and twenty seconds.
    WebhookSettings brief =
        new WebhookSettings(
            Duration.ofMillis(500),
            SETTINGS.tries(),
            SETTINGS.retryFirst(),
            SETTINGS.retryLongest(),
            SETTINGS.keep());
    receiver.answers(
        _ -> {
          stopped.stop();
          return 200;
        });
    fixture.node(stopped, brief);
    String delivery = fixture.delivery();
    fixture.tell(delivery, "SCHEDULED");
    awaitHeard(1);
    receiver.answers(_ -> 200);

    // Stopped between the answer and the note of it: another node has the others at once, and this
    // one when its lease is over.
    fixture.node(fixture.store.source(), brief);
    fixture.tell(fixture.delivery(), "SCHEDULED");
    awaitHeard(2);
    fixture.tell(delivery, "ARMED");
    awaitHeard(4);
    assertThat(receiver.heard().get(2).id()).isEqualTo(receiver.heard().get(0).id());
    assertThat(receiver.heard()).extracting(Heard::number).containsExactly(1L, 2L, 1L, 3L);

    stopped.goOn();
    await().atMost(SOON).until(() -> fixture.now(made).standing().waiting() == 0);
    fixture.tell(delivery, "PUBLISHED");
    awaitHeard(5);
    assertThat(receiver.heard().getLast().number()).isEqualTo(4);
  }

  @Test
  void anAddressThatDoesNotTakeWhatItIsToldIsParkedAndResumedByAPerson() {
    Webhook.Made dead = fixture.webhook(receiver.at("/dead"));
    Receiver alive = new Receiver();
    try (alive) {
      fixture.webhook(alive.at("/alive"));
      receiver.answers(_ -> 500);
      List<String> events = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        events.add(fixture.tell(fixture.delivery(), "SCHEDULED"));
      }
      fixture.node();

      await().atMost(SOON).until(() -> fixture.now(dead).standing().parkedAt() != null);
      assertThat(fixture.now(dead).standing().lastError()).contains("HTTP 500", "number 1");
      assertThat(receiver.heard())
          .filteredOn(one -> one.id().equals(events.getFirst()))
          .hasSize(SETTINGS.tries());

      // The other one heard everything meanwhile, and now of the parked one too.
      await().atMost(SOON).until(() -> alive.heard().size() == 6);
      Heard told = alive.heard().getLast();
      assertThat(told.json().path("type").asString()).isEqualTo("alert");
      assertThat(told.json().path("data").path("kind").asString()).isEqualTo("WEBHOOK_PARKED");
      assertThat(told.json().path("data").path("webhook").asString())
          .isEqualTo(dead.webhook().id());
      assertThat(openAlerts()).containsExactly(Alert.Kind.WEBHOOK_PARKED);

      int before = receiver.heard().size();
      receiver.answers(_ -> 200);
      Webhook resumed = fixture.webhooks().resume(WORKSPACE, dead.webhook().id());
      assertThat(resumed.standing().parkedAt()).isNull();
      assertThat(openAlerts()).isEmpty();
      await().atMost(SOON).until(() -> fixture.now(dead).standing().waiting() == 0);
      assertThat(receiver.heard().subList(before, receiver.heard().size()))
          .extracting(Heard::number)
          .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(alive.heard()).hasSize(6);
    }
  }

  @Test
  void oneThatIsGoneForGoodIsParkedAtOnce() {
    Webhook.Made made = fixture.webhook(receiver.at("/gone"));
    receiver.answers(_ -> 410);
    fixture.tell(fixture.delivery(), "SCHEDULED");
    fixture.node();
    await().atMost(SOON).until(() -> fixture.now(made).standing().parkedAt() != null);
    assertThat(receiver.heard()).hasSize(1);
  }

  @Test
  void oneEventThatIsRefusedHoldsUpOnlyWhatIsAboutTheSame() {
    Webhook.Made made = fixture.webhook(receiver.at("/in"));
    String refused = fixture.delivery();
    receiver.answers(one -> one.body().contains(refused) ? 400 : 200);
    fixture.tell(refused, "SCHEDULED");
    fixture.tell(refused, "ARMED");
    for (int i = 0; i < 40; i++) {
      fixture.tell(fixture.delivery(), "SCHEDULED");
    }
    fixture.node(
        fixture.store.source(),
        new WebhookSettings(
            SETTINGS.timeout(),
            1000,
            SETTINGS.retryFirst(),
            SETTINGS.retryLongest(),
            SETTINGS.keep()));

    await().atMost(SOON).until(() -> fixture.now(made).standing().waiting() == 2);
    assertThat(receiver.heard()).extracting(Heard::number).contains(1L).doesNotContain(2L);
    receiver.answers(_ -> 200);
    await().atMost(SOON).until(() -> fixture.now(made).standing().waiting() == 0);
    assertThat(receiver.heard().getLast().number()).isEqualTo(2);
  }

  @Test
  void followsNoRedirect() {
    Webhook.Made made = fixture.webhook(receiver.at("/moved"));
    receiver.answers(_ -> 302);
    fixture.tell(fixture.delivery(), "SCHEDULED");
    fixture.node();
    await().atMost(SOON).until(() -> fixture.now(made).standing().parkedAt() != null);
    assertThat(receiver.heard()).hasSize(SETTINGS.tries());
    assertThat(fixture.now(made).standing().lastError()).contains("HTTP 302");
  }

  @Test
  void seesOnlyItsWorkspaceItsKindsAndWhatHappensFromNowOn() {
    fixture.tell(fixture.delivery(), "SCHEDULED");
    fixture
        .webhooks()
        .create(WORKSPACE, new Webhook.Spec(receiver.at("/in"), Set.of(EventKind.DELIVERY)), null);
    String foreign = fixture.delivery();
    fixture.tell(foreign, "SCHEDULED", OTHER);
    String ours = fixture.delivery();
    // Writes an alert too, which it did not ask for.
    String failed = fixture.tell(ours, "FAILED");
    fixture.node();

    awaitHeard(1);
    assertThat(fixture.queue.fanOut(100)).isZero();
    assertThat(receiver.heard()).extracting(Heard::id).containsExactly(failed);
    assertThat(fixture.webhooks().list(OTHER, PageRequest.first()).items()).isEmpty();
    String id = fixture.webhooks().list(WORKSPACE, PageRequest.first()).items().getFirst().id();
    assertThat(fixture.webhooks().find(OTHER, id)).isEmpty();
    assertThatThrownBy(() -> fixture.webhooks().delete(OTHER, id))
        .isInstanceOf(PulsegridException.class);
    assertThatThrownBy(() -> fixture.webhooks().resume(OTHER, id))
        .isInstanceOf(PulsegridException.class);
  }

  @Test
  void theVeryFirstEventOfAStoreIsTold() {
    fixture.webhook(receiver.at("/in"));
    String first = fixture.tell(fixture.delivery(), "SCHEDULED");
    fixture.node();
    awaitHeard(1);
    assertThat(receiver.heard()).extracting(Heard::id).containsExactly(first);
  }

  @Test
  void aPrivateAddressIsNeitherTakenNorCalled() {
    Webhook.Spec spec = new Webhook.Spec(receiver.at("/in"), Set.of(EventKind.DELIVERY));
    assertThatThrownBy(() -> fixture.webhooks(WebhookFixture.policy(false)).check(spec, null))
        .isInstanceOfSatisfying(
            PulsegridException.class,
            e -> assertThat(e.errors()).extracting(FieldError::field).containsExactly("url"));

    // Made while they were allowed.
    Webhook.Made made = fixture.webhook(receiver.at("/in"));
    fixture.tell(fixture.delivery(), "SCHEDULED");
    fixture.node(fixture.store.source(), SETTINGS, WebhookFixture.policy(false));
    await().atMost(SOON).until(() -> fixture.now(made).standing().parkedAt() != null);
    assertThat(receiver.heard()).isEmpty();
    assertThat(fixture.now(made).standing().lastError()).contains("private address");
  }

  @Test
  void secretsAreSealedAndCheckedByName() {
    String secret = "a-secret-of-at-least-24-characters";
    Webhook.Spec spec = new Webhook.Spec(URI.create("https://a.example"), Set.of(EventKind.ALERT));
    Webhook.Made made = fixture.webhooks().create(WORKSPACE, spec, secret);
    assertThat(made.secret()).isNull();
    byte[] stored =
        fixture.store.jdbc().sql("SELECT secret FROM webhook").query(byte[].class).single();
    assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain(secret);
    for (String wrong :
        List.of("short", "with blanks in it, of 24 characters", "whsec_!!", "whsec_")) {
      assertThatThrownBy(() -> fixture.webhooks().check(spec, wrong))
          .isInstanceOfSatisfying(
              PulsegridException.class,
              e -> assertThat(e.errors()).extracting(FieldError::field).containsExactly("secret"));
    }
  }

  @Test
  void whatNobodyTakesIsForgottenAfterATimeAndItsNumberLeftOut() {
    Webhook.Made made = fixture.webhook(receiver.at("/in"));
    fixture.tell(fixture.delivery(), "SCHEDULED");
    fixture.queue.fanOut(10);
    fixture.store.jdbc().sql("UPDATE webhook_message SET at = at - interval '8 days'").update();
    fixture.tell(fixture.delivery(), "SCHEDULED");
    fixture.queue.fanOut(10);

    assertThat(fixture.queue.forget(Duration.ofDays(7), 10)).isEqualTo(1);
    assertThat(fixture.queue.forget(Duration.ofDays(7), 10)).isZero();
    fixture.node();
    awaitHeard(1);
    assertThat(receiver.heard().getFirst().number()).isEqualTo(2);
    await().atMost(SOON).until(() -> fixture.now(made).standing().waiting() == 0);
  }

  @Test
  void aDeletedWebhookIsToldNothingMore() {
    Webhook.Made made = fixture.webhook(receiver.at("/in"));
    Webhook.Made kept = fixture.webhook(receiver.at("/kept"));
    fixture.tell(fixture.delivery(), "SCHEDULED");
    fixture.queue.fanOut(10);
    fixture.webhooks().delete(WORKSPACE, made.webhook().id());
    fixture.node();
    await().atMost(SOON).until(() -> fixture.now(kept).standing().waiting() == 0);
    assertThat(receiver.heard()).hasSize(1);
    assertThat(fixture.webhooks().find(WORKSPACE, made.webhook().id())).isEmpty();
  }

  private void awaitHeard(int calls) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(receiver.heard()).hasSizeGreaterThanOrEqualTo(calls));
    assertThat(receiver.heard()).hasSize(calls);
  }

  private static List<String> states(List<Heard> heard) {
    return heard.stream().map(one -> one.json().path("data").path("state").asString()).toList();
  }

  private List<Alert.Kind> openAlerts() {
    return new StoredAlerts(fixture.store.jdbc())
            .list(WORKSPACE, new Alerts.Filter(Set.of(), null, true), PageRequest.first())
            .items()
            .stream()
            .map(Alert::kind)
            .toList();
  }

  /** The way of one node to the store, which can be stopped as SIGSTOP stops a process. */
  private static final class StoppableStore extends DelegatingDataSource {
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile boolean stopped;

    StoppableStore(TestStore store) {
      super(store.source());
    }

    void stop() {
      stopped = true;
    }

    void goOn() {
      stopped = false;
      goOn.countDown();
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (stopped) {
        try {
          goOn.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new SQLException("the test is over", e);
        }
      }
      return super.getConnection();
    }
  }
}
