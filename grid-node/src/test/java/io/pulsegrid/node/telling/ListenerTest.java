package io.pulsegrid.node.telling;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.telling.Event;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListenerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final List<String> told = new ArrayList<>();
  private final List<Listener> left = new ArrayList<>();
  private final Listener listener =
      new Listener(
          WorkspaceId.DEFAULT,
          event -> told.add(event.id()),
          () -> told.add("closed"),
          waiting::add,
          left::add);

  private static Event event(int number) {
    Delivery delivery =
        new Delivery(
            "d" + number,
            WorkspaceId.DEFAULT,
            "p",
            "c",
            DeliveryState.SCHEDULED,
            NOW,
            0,
            Delivery.Result.NONE,
            1);
    return new Event(
        "e" + number, WorkspaceId.DEFAULT, NOW, new Event.Subject.OfDelivery(delivery));
  }

  private static List<Event> events(int from, int to) {
    return IntStream.range(from, to).mapToObj(ListenerTest::event).toList();
  }

  private void runTellers() {
    for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
      next.run();
    }
  }

  @Test
  void isToldAllItMissedBeforeWhatIsNew() {
    listener.begin(events(0, 30_000));
    events(30_000, 30_010).forEach(listener::offer);
    runTellers();
    assertThat(told).hasSize(30_010).startsWith("e0", "e1").endsWith("e30009");
  }

  @Test
  void isToldWhatWaitsBeforeItIsLetGoAsTooSlow() {
    events(0, 10_005).forEach(listener::offer);
    assertThat(left).containsExactly(listener);
    runTellers();
    assertThat(told).hasSize(10_001).startsWith("e0").endsWith("e9999", "closed");
    listener.offer(event(10_006));
    runTellers();
    assertThat(told).hasSize(10_001);
  }

  @Test
  void hearsNothingMoreOnceClosed() {
    events(0, 10_005).forEach(listener::offer);
    listener.close();
    runTellers();
    assertThat(told).isEmpty();
  }
}
