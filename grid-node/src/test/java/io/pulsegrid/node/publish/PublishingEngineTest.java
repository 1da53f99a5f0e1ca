package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.When;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.grid.wire.DeliveryWire;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.ignite.cache.affinity.AffinityKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublishingEngineTest {
  private static final Duration SOON = Duration.ofSeconds(40);

  private final EngineFixture fixture = new EngineFixture(1);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aPostForNowIsOnThePlatformWithinASecond() {
    fixture.start();
    String channel = fixture.channel("t-now");
    fixture.publish(channel, "warming up");
    await().atMost(SOON).until(() -> fixture.arrived().size() == 1);

    Instant scheduled = Instant.now();
    Delivery delivery = fixture.publish(channel, "right now");
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> fixture.arrived().size() == 2);
    Duration took = Duration.between(scheduled, Instant.now());

    assertThat(took).isLessThan(Duration.ofSeconds(3));
    awaitState(delivery, DeliveryState.PUBLISHED);
    assertThat(fixture.arrived().getLast().path("text").asString()).isEqualTo("right now");
    assertThat(fixture.arrived().getLast().path("idempotencyKey").asString())
        .isEqualTo(fixture.keyOf(delivery));
    assertThat(fixture.base.now(delivery).result().remoteId()).isNotBlank();
    assertThat(fixture.base.now(delivery).result().remoteUrl()).isNotBlank();
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(toldStates(delivery))
                    .containsExactly(
                        DeliveryState.SCHEDULED, DeliveryState.ARMED, DeliveryState.PUBLISHED));
  }

  @Test
  void aPostIsNotSentBeforeItsTime() {
    fixture.start();
    Instant due = Instant.now().plusSeconds(3);
    Delivery delivery =
        fixture
            .publishing()
            .schedule(
                WORKSPACE,
                LedgerFixture.draft("later", new When.At(due), fixture.channel("t-later")))
            .deliveries()
            .getFirst();

    awaitState(delivery, DeliveryState.PUBLISHED);

    Instant arrived = Instant.parse(fixture.arrived().getFirst().path("at").asString());
    assertThat(arrived).isBetween(due.minusMillis(50), due.plusSeconds(2));
  }

  @Test
  void whatWasCreatedWithoutAnAnswerIsFoundAndNotSentAgain() {
    fixture.start();
    fixture.fault("create-then-close", 1, "");
    Delivery closed = fixture.publish(fixture.channel("t-closed"), "closed");
    awaitState(closed, DeliveryState.PUBLISHED);
    fixture.fault("create-then-500", 1, "");
    Delivery broken = fixture.publish(fixture.channel("t-broken"), "broken");
    awaitState(broken, DeliveryState.PUBLISHED);
    fixture.fault("create-then-400", 1, "");
    Delivery lied = fixture.publish(fixture.channel("t-lied"), "lied");
    awaitState(lied, DeliveryState.PUBLISHED);

    for (Delivery delivery : List.of(closed, broken, lied)) {
      assertThat(fixture.story(delivery)).containsExactly("ambiguous", "probed");
      assertThat(fixture.base.now(delivery).result().remoteId()).isNotBlank();
    }
    assertThat(fixture.arrived()).hasSize(3);
  }

  /**
   * Platforms have ignored keys, and raced two equal ones: what can be seen is not left to them.
   */
  @Test
  void aPlatformThatForgetsKeysIsNotReliedOnWhereItShowsThePost() {
    fixture.start();
    fixture.fault("create-then-close", 1, "");
    fixture.fault("forget-key", 100, "");
    Delivery delivery = fixture.publish(fixture.channel("t-forgetful"), "once");
    awaitState(delivery, DeliveryState.PUBLISHED);

    assertThat(fixture.story(delivery)).containsExactly("ambiguous", "probed");
    assertThat(fixture.arrived()).hasSize(1);
  }

  @Test
  void whatWasSurelyNotCreatedIsSentAgainUnderItsKeyAfterTheLease() {
    fixture.start();
    fixture.fault("refuse", 1, "");
    Delivery delivery = fixture.publish(fixture.channel("t-refused"), "refused");

    awaitState(delivery, DeliveryState.PUBLISHED);

    assertThat(fixture.story(delivery)).startsWith("ambiguous", "probed").endsWith("accepted");
    assertThat(fixture.arrived()).hasSize(1);
    assertThat(fixture.base.now(delivery).attempts()).isEqualTo(2);
  }

  /** A 429 must not eat the budget of tries. */
  @Test
  void throttlingCostsNoAttemptAndHoldsTheChannelBack() {
    fixture.start();
    String channel = fixture.channel("t-throttled");
    fixture.fault("429", 1, "");
    Delivery delivery = fixture.publish(channel, "throttled");

    await().atMost(SOON).until(() -> fixture.story(delivery).contains("throttled"));

    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.SCHEDULED);
    assertThat(fixture.base.now(delivery).attempts()).isZero();
    assertThat(fixture.base.now(delivery).dueAt()).isEqualTo(delivery.dueAt());
    Delivery other = fixture.publish(fixture.channel("t-free"), "free");
    awaitState(other, DeliveryState.PUBLISHED);
    assertThat(fixture.story(delivery)).containsExactly("throttled");
  }

  /** Who may not ask may not post either. */
  @Test
  void aQuestionThatIsThrottledHoldsTheChannelBack() {
    fixture.start();
    String channel = fixture.channel("t-asked");
    fixture.faultAt("mastodon", "statuses", "429", 1, ",\"delayMs\":600000");
    fixture.fault("create-then-close", 1, "");
    Delivery doubtful = fixture.publish(channel, "asked about");
    await()
        .atMost(SOON)
        .until(
            () ->
                fixture.limits().of(WORKSPACE, channel).stream()
                    .anyMatch(limit -> limit.blockedUntil() != null));

    Delivery held = fixture.publish(channel, "held back");
    awaitState(fixture.publish(fixture.channel("t-unasked"), "free"), DeliveryState.PUBLISHED);
    // The question itself is asked again, and answered.
    awaitState(doubtful, DeliveryState.PUBLISHED);
    assertThat(fixture.state(held)).isEqualTo(DeliveryState.SCHEDULED);
    assertThat(fixture.story(held)).isEmpty();
  }

  @Test
  void aResetThatIsOverAlreadyDoesNotHaveThePlatformHammered() throws IOException {
    fixture.start();
    AtomicInteger asked = new AtomicInteger();
    HttpServer platform =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    platform.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.getResponseHeaders().set("X-RateLimit-Limit", "300");
          exchange.getResponseHeaders().set("X-RateLimit-Remaining", "0");
          exchange.getResponseHeaders().set("X-RateLimit-Reset", "2020-01-01T00:00:00.000000Z");
          exchange.sendResponseHeaders(429, -1);
          exchange.close();
        });
    platform.start();
    try {
      URI address = URI.create("http://127.0.0.1:" + platform.getAddress().getPort());
      fixture.publish(fixture.channel("t-hammered", address), "throttled");
      await().atMost(SOON).until(() -> asked.get() > 0);

      await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> asked.get() == 1);
    } finally {
      platform.stop(0);
    }
  }

  @Test
  void aHostThatIsLeftAloneIsNotArmedForAgainAndAgain() {
    fixture.start();
    String channel = fixture.channel("t-dead", URI.create("http://127.0.0.1:1"));
    for (int i = 0; i < 20; i++) {
      fixture.publish(channel, "post " + i);
    }
    await().atMost(SOON).until(() -> attempts("transient") >= 10);

    await().during(Duration.ofSeconds(4)).atMost(SOON).until(() -> attempts("uncalled") < 30);
    assertThat(fixture.arrived()).isEmpty();
  }

  @Test
  void aHostThatCameBackIsCalledAgainAndNoOtherOfItsPlatformWaitedForIt() throws Exception {
    fixture.start();
    int port = GridFixture.freePorts(1).getFirst();
    String channel =
        fixture.channel("t-away", URI.create("http://127.0.0.1:" + port + "/mastodon"));
    List<Delivery> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(fixture.publish(channel, "post " + i));
    }
    await().atMost(SOON).until(() -> attempts("transient") >= 10);
    awaitState(fixture.publish(fixture.channel("t-here"), "here"), DeliveryState.PUBLISHED);

    try (Sim _ = Sim.start(SimOptions.local(port))) {
      for (Delivery one : waiting) {
        awaitState(one, DeliveryState.PUBLISHED);
      }
    }
  }

  @Test
  void refusedCredentialsPauseTheChannelAndLoseNothing() {
    fixture.start();
    String channel = fixture.channel("bad");
    Delivery delivery = fixture.publish(channel, "no entry");

    await().atMost(SOON).until(() -> fixture.paused(channel));
    awaitState(delivery, DeliveryState.SCHEDULED);

    assertThat(fixture.story(delivery)).containsExactly("unauthorized");
    assertThat(fixture.base.now(delivery).attempts()).isZero();
  }

  @Test
  void anArmWhoseHolderDiedAfterTheCallIsFoundOnThePlatform() {
    String channel = fixture.channel("t-died-after");
    Delivery delivery = armedByADeadProcess(channel, "died");
    fixture.createAtPlatform("t-died-after", "died", fixture.keyOf(delivery));

    fixture.start();
    awaitState(delivery, DeliveryState.PUBLISHED);

    assertThat(fixture.story(delivery)).containsExactly("swept", "probed");
    assertThat(fixture.arrived()).hasSize(1);
  }

  @Test
  void anArmWhoseHolderDiedBeforeTheCallIsSentOnceUnderTheSameKey() {
    Delivery delivery = armedByADeadProcess(fixture.channel("t-died-before"), "died");

    fixture.start();
    awaitState(delivery, DeliveryState.PUBLISHED);

    assertThat(fixture.story(delivery)).containsExactly("swept", "probed", "accepted");
    assertThat(fixture.arrived()).hasSize(1);
    assertThat(fixture.arrived().getFirst().path("idempotencyKey").asString())
        .isEqualTo(fixture.keyOf(delivery));
  }

  @Test
  void anArmWhoseReplyWasLostIsReadAgainAndSentOnce() {
    fixture.start();
    fixture.base.jdbc.loseArmReplies(1);
    Delivery delivery = fixture.publish(fixture.channel("t-lost"), "lost");

    awaitState(delivery, DeliveryState.PUBLISHED);

    // Sent after a second look: too late only if its call's time had passed by then.
    assertThat(fixture.story(delivery)).endsWith("accepted").doesNotContain("swept");
    assertThat(fixture.arrived()).hasSize(1);
  }

  @Test
  void aResultWaitsForTheStoreToComeBack() {
    fixture.start();
    fixture.fault("delay", 1, ",\"delayMs\":600");
    Delivery delivery = fixture.publish(fixture.channel("t-away"), "away");
    awaitState(delivery, DeliveryState.ARMED);
    fixture.base.jdbc.away(true);
    await().atMost(SOON).until(() -> fixture.arrived().size() == 1);
    await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> true);
    fixture.base.jdbc.away(false);

    awaitState(delivery, DeliveryState.PUBLISHED);
    assertThat(fixture.story(delivery)).containsExactly("accepted");
  }

  /** Others sent ten posts in fifteen minutes when they came back. */
  @Test
  void whatWasHeldBackIsSpreadAndWhatIsOnTimeIsNot() {
    fixture.publishing().pause();
    String channel = fixture.channel("t-outage");
    List<Delivery> late = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      late.add(fixture.publish(channel, "late " + i));
    }
    fixture.base.jdbc.update(
        "UPDATE delivery SET due_at = due_at - interval '1 hour', fence = fence + 1");
    // The grid's copy still tells the old time, or is about to.
    fixture.grid.node(0).<AffinityKey<String>, DeliveryWire>cache("delivery").clear();
    Delivery onTime = fixture.publish(channel, "on time");
    fixture.publishing().resume();
    fixture.start();

    awaitState(onTime, DeliveryState.PUBLISHED);
    late.forEach(one -> awaitState(one, DeliveryState.PUBLISHED));

    List<Instant> sent = late.stream().map(this::sentAt).sorted().toList();
    for (int i = 1; i < sent.size(); i++) {
      assertThat(Duration.between(sent.get(i - 1), sent.get(i)))
          .isGreaterThan(EngineFixture.CATCH_UP.minusMillis(500));
    }
    assertThat(sentAt(onTime)).isBefore(sent.get(1));
  }

  private Instant sentAt(Delivery delivery) {
    return fixture
        .publishing()
        .attempts(LedgerFixture.WORKSPACE, delivery.id())
        .getFirst()
        .startedAt();
  }

  @Test
  void whatTheGridForgotIsFoundInTheLedger() {
    fixture.publishing().pause();
    fixture.start();
    Delivery delivery = fixture.publish(fixture.channel("t-forgotten"), "forgotten");
    fixture.grid.node(0).<AffinityKey<String>, DeliveryWire>cache("delivery").clear();
    fixture.publishing().resume();

    awaitState(delivery, DeliveryState.PUBLISHED);
    assertThat(fixture.arrived()).hasSize(1);
  }

  @Test
  void nothingGoesOutWhilePausedOrWhileTheTimeIsUnknown() {
    fixture.start();
    fixture.publishing().pause();
    Delivery delivery = fixture.publish(fixture.channel("t-paused"), "paused");
    await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> fixture.arrived().isEmpty());
    fixture.clockTrusted.set(false);
    // A turn that had looked at the clock before may still be about to arm.
    await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> fixture.arrived().isEmpty());
    fixture.publishing().resume();
    await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> fixture.arrived().isEmpty());
    fixture.clockTrusted.set(true);

    awaitState(delivery, DeliveryState.PUBLISHED);
  }

  @Test
  void stoppingLetsRunningCallsEndAndWritesThemDown() {
    fixture.start();
    fixture.fault("delay", 1, ",\"delayMs\":700");
    Delivery delivery = fixture.publish(fixture.channel("t-stopping"), "stopping");
    awaitState(delivery, DeliveryState.ARMED);

    fixture.engines.forEach(PublishingEngine::stop);

    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.PUBLISHED);
  }

  @Test
  void aNodeThatLeavesArmsNothingMoreAndSettlesWhatItCalled() {
    fixture.start();
    fixture.fault("delay", 1, ",\"delayMs\":700");
    Delivery running = fixture.publish(fixture.channel("t-running"), "running");
    awaitState(running, DeliveryState.ARMED);
    PublishingEngine engine = fixture.engines.getFirst();
    engine.stopArming();
    Delivery late = fixture.publish(fixture.channel("t-not-any-more"), "late");

    assertThat(engine.drain()).isTrue();

    assertThat(fixture.state(running)).isEqualTo(DeliveryState.PUBLISHED);
    await()
        .during(Duration.ofSeconds(2))
        .atMost(SOON)
        .until(() -> fixture.state(late) == DeliveryState.SCHEDULED);
    assertThat(fixture.arrived()).hasSize(1);
  }

  @Test
  void whatComesTooLateIsMissedWithoutACall() {
    Delivery delivery =
        fixture
            .publishing()
            .schedule(
                WORKSPACE,
                new ScheduledPost.Draft(
                    "late",
                    List.of(fixture.channel("t-late")),
                    new When.Now(),
                    java.util.Map.of(),
                    5,
                    Duration.ofSeconds(1)))
            .deliveries()
            .getFirst();
    fixture.base.jdbc.update("UPDATE delivery SET expires_at = now() - interval '1 second'");

    fixture.start();
    awaitState(delivery, DeliveryState.MISSED);
    assertThat(fixture.arrived()).isEmpty();
  }

  private Delivery armedByADeadProcess(String channel, String text) {
    Delivery delivery = fixture.publish(channel, text);
    fixture.armByTheDead(List.of(delivery));
    return delivery;
  }

  private long attempts(String outcome) {
    return Objects.requireNonNull(
        fixture.base.jdbc.queryForObject(
            "SELECT count(*) FROM attempt WHERE outcome = ?", Long.class, outcome));
  }

  private void awaitState(Delivery delivery, DeliveryState state) {
    fixture.awaitState(delivery, state, SOON);
  }

  private List<DeliveryState> toldStates(Delivery delivery) {
    return fixture.told.stream()
        .filter(one -> one.id().equals(delivery.id()))
        .map(Delivery::state)
        .toList();
  }

  static Set<String> keys(EngineFixture fixture) {
    return fixture.arrived().stream()
        .map(item -> item.path("idempotencyKey").asString())
        .collect(Collectors.toSet());
  }
}
