package io.pulsegrid.node.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PresenceTest {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final AtomicBoolean alone = new AtomicBoolean();
  private final List<Integer> exits = new CopyOnWriteArrayList<>();
  private final Departure departure =
      new Departure(Thread.ofPlatform().daemon().factory(), exits::add);
  private final Presence presence =
      new Presence(departure, alone::get, nanos::get, Duration.ofSeconds(5));

  @Test
  void isSureWhileItRuns() {
    for (int i = 0; i < 100; i++) {
      passes(Duration.ofMillis(250));
      presence.run();
      assertThat(presence.sure()).isTrue();
    }
  }

  @Test
  void doubtsRightAfterALongStopEvenBeforeItRunsAgain() {
    passes(Duration.ofSeconds(5));
    assertThat(presence.sure()).isFalse();
    presence.run();
    assertThat(presence.sure()).isFalse();
  }

  @Test
  void isSureAgainWhenNobodyCutItOffMeanwhile() {
    passes(Duration.ofSeconds(30));
    presence.run();
    for (int i = 0; i < 19; i++) {
      passes(Duration.ofMillis(250));
      presence.run();
      assertThat(presence.sure()).isFalse();
    }
    passes(Duration.ofMillis(250));
    presence.run();
    assertThat(presence.sure()).isTrue();
  }

  @Test
  void needsNoDoubtWhereNoOtherNodeIs() {
    alone.set(true);
    passes(Duration.ofMinutes(5));
    assertThat(presence.sure()).isTrue();
    presence.run();
    assertThat(presence.sure()).isTrue();
  }

  @Test
  void isOverOnceTheNodeLeaves() {
    departure.leave(ExitCode.GRID_FAILED, "This is a test");
    assertThat(presence.sure()).isFalse();
  }

  @Test
  void stopsWorkFirstThenWaitsForCallsThenExitsOnce() throws InterruptedException {
    List<String> order = new CopyOnWriteArrayList<>();
    var callsEnd = new CountDownLatch(1);
    departure.stopsFirst(
        () -> {
          order.add("stopped");
          throw new IllegalStateException("one that fails does not hold up the others");
        });
    departure.stopsFirst(() -> order.add("stopped too"));
    departure.waitsFor(
        () -> {
          try {
            callsEnd.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          order.add("ended");
        });
    departure.leave(ExitCode.NO_MAJORITY, "This is a test");
    departure.leave(ExitCode.GRID_FAILED, "This comes too late");
    assertThat(order).containsExactly("stopped", "stopped too");
    assertThat(exits).isEmpty();

    callsEnd.countDown();
    await().untilAsserted(() -> assertThat(exits).containsExactly(75));
    assertThat(new ArrayList<>(order)).containsExactly("stopped", "stopped too", "ended");
  }

  private void passes(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
