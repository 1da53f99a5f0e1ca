package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PublishingMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void tellsHowDeliveriesEndedBeforeTheFirstOneDid() {
    var _ = new PublishingMetrics(registry, Set.of("mastodon", "reddit"));

    for (String platform : Set.of("mastodon", "reddit")) {
      assertThat(registry.find("pulsegrid.publish.ended").tag("platform", platform).counters())
          .allSatisfy(counter -> assertThat(counter.count()).isZero())
          .extracting(counter -> counter.getId().getTag("state"))
          .containsExactlyInAnyOrder("published", "failed", "missed", "cancelled");
    }
  }
}
