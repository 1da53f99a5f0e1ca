package io.pulsegrid.node.grid.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.GridFixture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.ignite.IgniteCache;
import org.junit.jupiter.api.Test;

class DeliveryWireTest {
  @Test
  void crossesFromNodeToNodeAsItWas() {
    Instant due = Instant.parse("2026-03-01T12:00:00.123Z");
    try (GridFixture grid = GridFixture.of(2)) {
      IgniteCache<String, DeliveryWire> one =
          CacheShapes.open(grid.node(0), CacheShapes.<String, DeliveryWire>partitioned("wire", 1));
      IgniteCache<String, DeliveryWire> other = grid.node(1).cache("wire");
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        keys.add("key-" + i);
        one.put(
            "key-" + i,
            DeliveryWire.of("channel-" + i, "mastodon", due, i % 10, 40L + i, due.minusSeconds(i)));
      }
      for (int i = 0; i < keys.size(); i++) {
        DeliveryWire wire = other.get(keys.get(i));
        assertThat(wire.channel()).isEqualTo("channel-" + i);
        assertThat(wire.platform()).isEqualTo("mastodon");
        assertThat(wire.dueAt()).isEqualTo(due);
        assertThat(wire.priority()).isEqualTo(i % 10);
        assertThat(wire.fence()).isEqualTo(40L + i);
        assertThat(wire.wantedAt()).isEqualTo(due.minusSeconds(i));
      }
    }
  }
}
