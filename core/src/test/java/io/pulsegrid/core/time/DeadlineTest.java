package io.pulsegrid.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final AtomicLong nanos = new AtomicLong(5);
  private final AtomicReference<Instant> local = new AtomicReference<>(NOON);
  private final Deadline deadline =
      Deadline.after(Duration.ofSeconds(10), new Clocks(nanos::get, local::get));

  @Test
  void passesWithTheMonotonicClockWhateverTheOtherIsSetTo() {
    local.set(NOON.minusSeconds(3600));
    nanos.addAndGet(Duration.ofSeconds(9).toNanos());
    assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(1));
    assertThat(deadline.hasPassed()).isFalse();

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(deadline.hasPassed()).isTrue();
  }

  @Test
  void passesWhileTheMachineSleepsAndOnlyItsLocalClockGoesOn() {
    local.set(NOON.plusSeconds(7200));
    assertThat(deadline.hasPassed()).isTrue();
  }
}
