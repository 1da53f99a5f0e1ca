package io.pulsegrid.node.listen;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.apache.ignite.Ignite;

/**
 * The orders of the searches that a node has answered in part, for their next pages: ten minutes
 * after they were last used, and the latest 32 MB of them. Safe for use by many threads.
 */
final class KeptOrders {
  static final Duration KEPT = Duration.ofMinutes(10);
  private static final String KEY = "pulsegrid.search.orders";

  private final InstantSource clock;
  private final int most;
  private final Object lock = new Object();

  /** The one used longest ago comes first. */
  @GuardedBy("lock")
  private final LinkedHashMap<Long, Kept> orders = new LinkedHashMap<>(16, .75f, true);

  @GuardedBy("lock")
  private long bytes;

  @GuardedBy("lock")
  private long last;

  private record Kept(SearchOrder order, Instant until) {}

  KeptOrders(InstantSource clock, int mostBytes) {
    this.clock = clock;
    most = mostBytes;
  }

  /** Those of a node, which jobs that arrive there find. */
  static KeptOrders register(Ignite ignite, InstantSource clock) {
    KeptOrders orders = new KeptOrders(clock, 32 << 20);
    ignite.cluster().<String, KeptOrders>nodeLocalMap().put(KEY, orders);
    return orders;
  }

  /** Those of the node that a job has arrived at. */
  static Optional<KeptOrders> of(Ignite ignite) {
    return Optional.ofNullable(ignite.cluster().<String, KeptOrders>nodeLocalMap().get(KEY));
  }

  /** Keeps an order; answers the number that it is found by. */
  long keep(SearchOrder order) {
    synchronized (lock) {
      last++;
      bytes += order.weight();
      orders.put(last, new Kept(order, clock.instant().plus(KEPT)));
      forgetTheOldest();
      return last;
    }
  }

  /** An order that was kept, unless it is forgotten. */
  Optional<SearchOrder> find(long number) {
    synchronized (lock) {
      forgetTheOldest();
      Kept kept = orders.get(number);
      if (kept == null) {
        return Optional.empty();
      }
      orders.put(number, new Kept(kept.order(), clock.instant().plus(KEPT)));
      return Optional.of(kept.order());
    }
  }

  @GuardedBy("lock")
  private void forgetTheOldest() {
    Instant now = clock.instant();
    Iterator<Kept> oldest = orders.values().iterator();
    while (oldest.hasNext()) {
      Kept kept = oldest.next();
      if (bytes <= most && now.isBefore(kept.until())) {
        return;
      }
      bytes -= kept.order().weight();
      oldest.remove();
    }
  }
}
