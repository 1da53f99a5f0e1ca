package io.pulsegrid.node.grid.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.GridFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.junit.jupiter.api.Test;

class ScopeWireTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void aScopeIsTheSameOnTheOtherNode() {
    LimitedScope scope = new LimitedScope();
    List<WindowRule> rules = List.of(new WindowRule(9, Duration.ofHours(1)));
    for (String action : List.of("publish", "like")) {
      scope.action(action).cover(List.of(Duration.ofHours(1)), List.of(NOW, NOW.minusSeconds(5)));
      scope.grant(action, rules, List.of(1L, 2L), NOW, NOW.plusSeconds(60));
      scope.action(action).told(3, NOW.plusSeconds(20));
    }
    scope.begin(NOW.minusMillis(1500));
    scope.block(new LimitedScope.Block(NOW.plusSeconds(99), "429 – später"));

    try (GridFixture grid = GridFixture.of(2)) {
      cache(grid.node(0)).put("channel:1", ScopeWire.of(scope));
      cache(grid.node(0)).put("channel:2", ScopeWire.of(new LimitedScope()));
      LimitedScope there = cache(grid.node(1)).get("channel:1").scope();

      assertThat(there.openFrom()).isEqualTo(NOW.minusMillis(1500));
      assertThat(there.block()).isEqualTo(scope.block());
      assertThat(there.actions()).containsOnlyKeys("publish", "like");
      assertThat(there.action("like").snapshot()).isEqualTo(scope.action("like").snapshot());
      assertThat(there.action("publish").used(rules.getFirst(), NOW)).isEqualTo(4);
      assertThat(cache(grid.node(1)).get("channel:2").scope().actions()).isEmpty();
      assertThat(cache(grid.node(1)).get("channel:2").scope().openFrom()).isNull();
    }
  }

  private static IgniteCache<String, ScopeWire> cache(Ignite node) {
    return CacheShapes.open(node, CacheShapes.<String, ScopeWire>partitioned("limit", 1));
  }
}
