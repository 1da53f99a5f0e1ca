package io.pulsegrid.node.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.node.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SetBackWatchTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final List<Integer> exits = new CopyOnWriteArrayList<>();
  private final Departure departure =
      new Departure(Thread.ofPlatform().daemon().factory(), exits::add);
  private final SettableClock machine = new SettableClock(NOW);
  private final AtomicLong nanos = new AtomicLong();
  private final SetBackWatch watch = new SetBackWatch(departure, machine, nanos::get);

  @Test
  void aNodeWhoseClockIsSetBackLeaves() {
    pass(Duration.ofMinutes(5), Duration.ofSeconds(1));
    assertThat(departure.begun()).as("set ahead").isFalse();

    pass(Duration.ofMinutes(-5), Duration.ofSeconds(1));
    assertThat(departure.begun()).isTrue();
    await().until(() -> exits.contains(ExitCode.GRID_FAILED.number()));
  }

  @Test
  void oneWhoseClockIsKeptRightStays() {
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofMillis(i % 2 == 0 ? -200 : 150), Duration.ofSeconds(1));
    }
    pass(SetBackWatch.TOLERATED.negated(), Duration.ofSeconds(1));
    // It stood still for a while, as in a pause: both clocks went on.
    pass(Duration.ZERO, Duration.ofHours(1));

    assertThat(departure.begun()).isFalse();
  }

  /** Time goes by, and the machine's clock is set by so much besides. */
  private void pass(Duration set, Duration time) {
    machine.advance(time.plus(set));
    nanos.addAndGet(time.toNanos());
    watch.run();
  }
}
