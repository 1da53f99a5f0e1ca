package io.pulsegrid.node.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.junit.jupiter.api.Test;

class GridMetersTest {
  @Test
  void tellsWhatIsSentToOtherNodesAndWhatTheDataTakesUp() {
    try (GridFixture grid = GridFixture.of(2)) {
      Ignite node = grid.node(0);
      IgniteCache<Integer, byte[]> cache =
          CacheShapes.open(node, CacheShapes.<Integer, byte[]>partitioned("measured", 1));
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      new GridMeters(node).bindTo(meters);
      double messages = meters.get("pulsegrid.grid.sent.messages").functionCounter().count();
      double bytes = meters.get("pulsegrid.grid.sent.bytes").functionCounter().count();
      double memory = meters.get("pulsegrid.grid.memory.used").gauge().value();

      for (int i = 0; i < 1_000; i++) {
        cache.put(i, new byte[1_000]);
      }

      // A write whose primary copy is here is one message to its backup, any other one to its
      // primary.
      assertThat(meters.get("pulsegrid.grid.sent.messages").functionCounter().count())
          .isGreaterThanOrEqualTo(messages + 1_000);
      assertThat(meters.get("pulsegrid.grid.sent.bytes").functionCounter().count())
          .isGreaterThan(bytes + 1_000_000);
      assertThat(meters.get("pulsegrid.grid.memory.used").gauge().value())
          .isGreaterThan(memory + 1_000_000);
    }
  }
}
