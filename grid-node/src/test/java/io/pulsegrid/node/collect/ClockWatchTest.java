package io.pulsegrid.node.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.node.store.TestPostgres;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
  @Test
  void quartzStandsByWhileThisMachinesClockIsOff() throws Exception {
    AtomicReference<Duration> offset = new AtomicReference<>(Duration.ofMillis(400));
    try (CollectingNode node =
        new CollectingNode(
            TestPostgres.fresh(),
            new RememberingIntake(),
            CollectingNode.kind(Duration.ofSeconds(4), 2),
            true)) {
      ClockWatch watch = new ClockWatch(node.scheduler, offset::get);
      watch.run();
      assertThat(node.scheduler.isInStandbyMode()).isFalse();

      for (Duration off : new Duration[] {Duration.ofMillis(501), Duration.ofMinutes(-5)}) {
        offset.set(off);
        watch.run();
        assertThat(node.scheduler.isInStandbyMode()).as("%s off", off).isTrue();

        offset.set(Duration.ZERO);
        watch.run();
        assertThat(node.scheduler.isInStandbyMode()).isFalse();
      }

      offset.set(Duration.ZERO);
      watch.stop();
      assertThat(node.scheduler.isInStandbyMode()).isTrue();
    }
  }
}
