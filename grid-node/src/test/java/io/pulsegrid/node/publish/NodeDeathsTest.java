package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.node.publish.Stumble.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Nodes that die or are stopped at each step of publishing, and a last one that takes over: every
 * delivery reaches the platform once, and none is forgotten.
 */
class NodeDeathsTest {
  private static final Duration CALL = Duration.ofSeconds(1);
  private static final Duration LEASE = CALL.plus(EngineFixture.SLACK);
  private static final Duration LATE = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Set<Step> UNARMED =
      Set.of(Step.BEFORE_GRANT, Step.AFTER_GRANT, Step.BEFORE_ARM);
  private static final Set<DeliveryState> KNOWN_OR_ASKED =
      Set.of(DeliveryState.PUBLISHED, DeliveryState.RETRY, DeliveryState.UNCONFIRMED);

  private final EngineFixture fixture = new EngineFixture(3, 0);
  private final List<Stumble> stumbles = new ArrayList<>();
  private final Map<Step, Delivery> deliveries = new EnumMap<>(Step.class);

  @AfterEach
  void close() {
    stumbles.forEach(Stumble::goOn);
    fixture.close();
  }

  @Test
  void whereverANodeDiesEachOfItsDeliveriesGoesOutOnce() {
    stopOneNodeAtEachStep();
    Instant died = Instant.now();
    fixture.grid.stop(0);

    takeOver();

    judge(died);
  }

  @Test
  void aNodeThatIsStoppedAtAnyStepForLongerThanItsLeaseDoublesNothingWhenItGoesOn() {
    stopOneNodeAtEachStep();
    Instant stopped = Instant.now();

    takeOver();
    judge(stopped);
    Map<Step, Long> fences = fences();
    stumbles.forEach(Stumble::goOn);

    // They go on where they were: with permits, arms, calls and results of long ago.
    await()
        .during(Duration.ofSeconds(4))
        .atMost(SOON)
        .untilAsserted(() -> assertThat(texts()).hasSize(deliveries.size()));
    assertThat(texts()).doesNotHaveDuplicates();
    deliveries.values().forEach(this::isPublished);
    fences().forEach((step, fence) -> assertThat(fence).isGreaterThanOrEqualTo(fences.get(step)));
  }

  private void stopOneNodeAtEachStep() {
    fixture.timeout = CALL;
    Map<Step, String> channels = new EnumMap<>(Step.class);
    for (Step step : Step.values()) {
      if (step != Step.NEVER) {
        String channel = channelOfTheFirstNode("t-" + step.name().toLowerCase(Locale.ROOT));
        channels.put(step, channel);
        deliveries.put(step, fixture.base.due(channel, "at " + step));
      }
    }
    channels.forEach(
        (step, channel) -> {
          Stumble stumble = new Stumble(step);
          stumbles.add(stumble);
          fixture.engine(0, stumble, channel).start(Thread.ofPlatform().daemon().factory());
        });
    await().atMost(SOON).until(() -> stumbles.stream().allMatch(Stumble::isStopped));
  }

  private void takeOver() {
    fixture.engine(1, new Stumble(Step.NEVER), null).start(Thread.ofPlatform().daemon().factory());
  }

  private void judge(Instant stopped) {
    deliveries.forEach(
        (step, delivery) ->
            await()
                .atMost(LEASE.plus(LATE).plus(Duration.ofSeconds(5)))
                .untilAsserted(
                    () ->
                        assertThat(fixture.state(delivery))
                            .as("%s: %s", step, fixture.story(delivery))
                            .isIn(KNOWN_OR_ASKED)));
    assertThat(Instant.now()).isBefore(stopped.plus(LEASE).plus(LATE));
    deliveries.values().forEach(this::isPublished);
    assertThat(texts()).doesNotHaveDuplicates().hasSize(deliveries.size());
    Map<String, Instant> arrivals =
        fixture.arrived().stream()
            .collect(
                Collectors.toMap(
                    item -> item.path("text").asString(),
                    item -> Instant.parse(item.path("at").asString())));
    UNARMED.forEach(
        step -> assertThat(arrivals.get("at " + step)).as("%s", step).isBefore(stopped.plus(LATE)));
  }

  private void isPublished(Delivery delivery) {
    fixture.awaitState(delivery, DeliveryState.PUBLISHED, SOON);
  }

  private List<String> texts() {
    return fixture.arrived().stream().map((JsonNode item) -> item.path("text").asString()).toList();
  }

  private Map<Step, Long> fences() {
    Map<Step, Long> fences = new EnumMap<>(Step.class);
    deliveries.forEach((step, delivery) -> fences.put(step, fixture.base.now(delivery).fence()));
    return fences;
  }

  private String channelOfTheFirstNode(String token) {
    WorkingCopy copy = WorkingCopy.open(fixture.grid.node(0), 1);
    for (int i = 0; ; i++) {
      String channel = fixture.channel(token + "-" + i);
      if (copy.isOurs(channel)) {
        return channel;
      }
    }
  }
}
