package io.pulsegrid.node.subscriptions;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.node.publish.Loop;
import io.pulsegrid.node.store.telling.StoredAlerts;
import io.pulsegrid.node.telling.EventBus;
import io.pulsegrid.node.telling.EventSink;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what subscriptions were told and nobody heard: a node that dies between the commit that
 * says that it told and its message has told nobody. Each node looks at what was written since it
 * looked last; what it has heard already it does not tell again.
 */
public final class AlertRecall {
  private static final Logger log = LoggerFactory.getLogger(AlertRecall.class);
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final StoredAlerts alerts;
  private final EventBus bus;
  private final LongSupplier nanoTime;
  private final Loop loop = new Loop("alert-recall", this::turn);
  private long lookedAtNanos;

  /**
   * @param nanoTime a clock that never goes back
   */
  public AlertRecall(StoredAlerts alerts, EventBus bus, LongSupplier nanoTime) {
    this.alerts = alerts;
    this.bus = bus;
    this.nanoTime = nanoTime;
    lookedAtNanos = nanoTime.getAsLong();
  }

  public void start(ThreadFactory threads) {
    loop.start(threads);
  }

  public void stop() {
    loop.stop(EVERY);
  }

  private Duration turn() {
    try {
      look();
    } catch (PulsegridException e) {
      log.debug("alerts are not recalled: {}", e.getMessage());
    }
    return EVERY;
  }

  void look() {
    long now = nanoTime.getAsLong();
    Duration since = Duration.ofNanos(now - lookedAtNanos).plus(StoredAlerts.SEEN_WITHIN);
    Duration most = EventBus.ALERTS_KNOWN_FOR;
    bus.recall(
        alerts.emergedWithin(since.compareTo(most) < 0 ? since : most).stream()
            .map(AlertRecall::named)
            .toList());
    lookedAtNanos = now;
  }

  private static EventSink.Named named(Alert alert) {
    return new EventSink.Named(
        alert.id(), alert.workspace(), new Event.Subject.OfAlert(alert.asTold()));
  }
}
