package io.pulsegrid.node.subscriptions;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.node.publish.Loop;
import io.pulsegrid.node.store.telling.SubscriptionQueue;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells subscribers of trends that emerge. Runs on every node; whichever looks first at a trend
 * tells it, and if it dies another one does.
 */
public final class SubscriptionTeller {
  private static final Logger log = LoggerFactory.getLogger(SubscriptionTeller.class);
  private static final int BATCH = 100;
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration STORE_AWAY = Duration.ofSeconds(2);

  /** Far more than comparing a batch takes; after it a dead node's trends are another's. */
  private static final Duration LEASE = Duration.ofSeconds(30);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final SubscriptionQueue queue;
  private final Matcher matcher;
  private final Loop loop = new Loop("subscriptions", this::turn);

  public SubscriptionTeller(SubscriptionQueue queue, Embedder embedder) {
    this.queue = queue;
    matcher = new Matcher(embedder);
  }

  public void start(ThreadFactory threads) {
    loop.start(threads);
  }

  /** Takes no more trends; waits a moment for those it looks at. */
  public void stop() {
    loop.stop(PATIENCE);
  }

  private Duration turn() {
    try {
      return queue.look(BATCH, LEASE, matcher::of) == BATCH ? Duration.ZERO : EVERY;
    } catch (PulsegridException e) {
      log.debug("subscriptions wait: {}", e.getMessage());
      return STORE_AWAY;
    }
  }
}
