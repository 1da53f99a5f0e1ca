package io.pulsegrid.node.publish;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.Settlement;
import io.pulsegrid.node.store.ledger.SweepStore.Backlog;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What publishing counts and times. The backlog is the whole ledger's, the rest this node's. */
final class PublishingMetrics {
  private final MeterRegistry registry;
  private final Timer lateness;
  private final Counter refused;
  private volatile Backlog backlog = Backlog.NONE;

  /**
   * @param platforms those that deliveries may go to
   */
  PublishingMetrics(MeterRegistry registry, Set<String> platforms) {
    this.registry = registry;
    this.lateness =
        Timer.builder("pulsegrid.publish.lateness")
            .description("From a delivery's due time to its arm")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(10))
            .maximumExpectedValue(Duration.ofHours(1))
            .register(registry);
    this.refused =
        Counter.builder("pulsegrid.publish.refused")
            .description("Deliveries that were not armed: changed, paused or armed elsewhere")
            .register(registry);
    gauge("due", "Deliveries whose time has come and that are not armed", Backlog::due);
    gauge("late", "Deliveries due for more than a minute", Backlog::late);
    gauge("armed", "Deliveries under way", Backlog::armed);
    gauge(
        "unconfirmed",
        "Deliveries of which nobody knows whether they are there",
        Backlog::unconfirmed);
    // From 0 on: whoever watches for a rise would not see the first of a series that begins at 1.
    for (String platform : platforms) {
      Stream.of(DeliveryState.values())
          .filter(DeliveryState::ended)
          .forEach(state -> ended(platform, state));
    }
  }

  void backlog(Backlog now) {
    backlog = now;
  }

  void armed(Charge charge, Instant at) {
    Duration late = Duration.between(charge.delivery().dueAt(), at);
    lateness.record(late.isNegative() ? Duration.ZERO : late);
  }

  /** Deliveries with leave to be sent that the store did not arm. */
  void refused(int deliveries) {
    refused.increment(deliveries);
  }

  /** A call or a sweep that was written down. */
  void outcome(String platform, Settlement settlement) {
    Counter.builder("pulsegrid.publish.outcomes")
        .description("How deliveries' calls, probes and sweeps ended")
        .tag("platform", platform)
        .tag("outcome", settlement.entry().kind().name().toLowerCase(Locale.ROOT))
        .register(registry)
        .increment();
  }

  /** A delivery that changed. */
  void changed(String platform, Delivery delivery) {
    if (delivery.state().ended()) {
      ended(platform, delivery.state()).increment();
    }
    if (delivery.state() == DeliveryState.PUBLISHED) {
      Counter.builder("pulsegrid.publish.published")
          .description("Deliveries known to be on their platform")
          .tag("platform", platform)
          .register(registry)
          .increment();
    }
  }

  private Counter ended(String platform, DeliveryState state) {
    return Counter.builder("pulsegrid.publish.ended")
        .description("Deliveries by how they ended")
        .tag("platform", platform)
        .tag("state", state.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }

  private void gauge(
      String name, String description, java.util.function.ToLongFunction<Backlog> part) {
    Gauge.builder("pulsegrid.publish." + name, this, me -> part.applyAsLong(me.backlog))
        .description(description)
        .register(registry);
  }
}
