package io.pulsegrid.node.telling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.node.SettableClock;
import io.pulsegrid.node.grid.GridFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events over two real nodes. */
class EventBusTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final WorkspaceId US = WorkspaceId.DEFAULT;

  private final GridFixture grid = GridFixture.of(2);
  private final SettableClock clock = new SettableClock(NOON);
  private final AtomicInteger count = new AtomicInteger();
  private final EventBus here = bus(0);

  @AfterEach
  void close() {
    grid.close();
  }

  @Test
  void whoListensOnOneNodeHearsWhatHappensOnTheOther() {
    EventBus there = bus(1);
    List<String> heard = listen(there, null);
    List<String> others = new CopyOnWriteArrayList<>();
    there.subscribe(new WorkspaceId("others"), null, event -> others.add(event.id()), () -> {});

    here.tell(US, delivery("d1"));

    await().until(() -> heard.equals(List.of("event-1")));
    assertThat(others).isEmpty();
  }

  @Test
  void whoListenedOnANodeThatDiedGoesOnAtTheOther() {
    EventBus there = bus(1);
    List<String> before = listen(here, null);
    here.tell(US, delivery("d1"));
    here.tell(US, delivery("d2"));
    clock.advance(Duration.ofSeconds(5));
    here.tell(US, delivery("d3"));
    there.tell(US, delivery("d4"));
    await().until(() -> before.size() == 4 && held(there).size() == 4);
    grid.stop(0);

    List<String> after = listen(there, "event-2");

    await().untilAsserted(() -> assertThat(after).contains("event-3", "event-4"));
  }

  @Test
  void aNodeThatJoinsKnowsWhatWasToldBefore() {
    for (int i = 0; i < 1_200; i++) {
      here.tell(US, delivery("d" + i));
      clock.advance(Duration.ofMillis(1));
    }
    EventBus joined = bus(1);
    here.tell(US, delivery("meanwhile"));

    joined.catchUp();

    await().until(() -> held(joined).size() == 1_201);
    assertThat(held(joined)).startsWith("event-1", "event-2").endsWith("event-1201");
  }

  @Test
  void whatIsToldTogetherIsHeardWholeEverywhere() {
    EventBus there = bus(1);
    List<String> heard = listen(there, null);

    here.tellAll(US, IntStream.range(0, 2_000).mapToObj(i -> delivery("d" + i)).toList());

    await().until(() -> heard.size() == 2_000);
    assertThat(held(here)).hasSize(2_000).containsExactlyInAnyOrderElementsOf(heard);
  }

  @Test
  void whatIsToldTwiceIsHeardOnce() {
    EventBus there = bus(1);
    List<String> heard = listen(there, null);
    // As after a crash between the telling and the note of it, by whoever comes next.
    here.tellAs("e", US, delivery("d"));
    await().until(() -> heard.size() == 1);
    there.tellAs("e", US, delivery("d"));
    here.tellAs("last", US, delivery("d"));

    await().until(() -> heard.contains("last"));
    assertThat(heard).containsExactly("e", "last");
  }

  @Test
  void whatIsOlderThanTenMinutesIsForgotten() {
    here.tell(US, delivery("d1"));
    clock.advance(Duration.ofMinutes(11));
    here.tell(US, delivery("d2"));

    assertThat(held(here)).containsExactly("event-2");
  }

  /** A bus that tells on the thread that brings the event. */
  private EventBus bus(int node) {
    return new EventBus(
        grid.node(node), clock, () -> "event-" + count.incrementAndGet(), Runnable::run, 20_000);
  }

  private static List<String> listen(EventBus bus, @Nullable String from) {
    List<String> heard = new CopyOnWriteArrayList<>();
    bus.subscribe(US, from, event -> heard.add(event.id()), () -> {});
    return heard;
  }

  private static List<String> held(EventBus bus) {
    return List.copyOf(listen(bus, "an event that nobody knows"));
  }

  private static Event.Subject delivery(String id) {
    return new Event.Subject.OfDelivery(
        new Delivery(
            id,
            US,
            "p1",
            "c1",
            DeliveryState.PUBLISHED,
            NOON,
            1,
            new Delivery.Result("99", null, null),
            4));
  }
}
