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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells this node's listeners what subscriptions were told and never came to it: a node that dies
 * between the commit that says that it told and its message has told nobody. Each node looks at
 * what was written lately; what it has heard already it does not tell again.
 */
public final class AlertRecall {
  private static final Logger log = LoggerFactory.getLogger(AlertRecall.class);
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final StoredAlerts alerts;
  private final EventBus bus;
  private final Loop loop = new Loop("alert-recall", this::turn);

  public AlertRecall(StoredAlerts alerts, EventBus bus) {
    this.alerts = alerts;
    this.bus = bus;
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
    bus.recall(
        alerts.emergedWithin(StoredAlerts.SEEN_WITHIN.plus(EVERY)).stream()
            .map(AlertRecall::named)
            .toList());
  }

  private static EventSink.Named named(Alert alert) {
    return new EventSink.Named(alert.id(), alert.workspace(), new Event.Subject.OfAlert(alert));
  }
}
