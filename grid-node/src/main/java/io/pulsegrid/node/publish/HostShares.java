package io.pulsegrid.node.publish;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;

/** How much of something each host has taken; safe for use by many threads. */
final class HostShares {
  /** By host, as {@link Breakers#host} names it; none that has taken nothing. */
  @GuardedBy("this")
  private final Map<String, Integer> taken = new HashMap<>();

  /** Takes up to {@code wanted} for a host, no more than {@code limit} in all; answers how much. */
  synchronized int take(String host, int wanted, int limit) {
    int now = taken.getOrDefault(host, 0);
    int got = Math.max(0, Math.min(wanted, limit - now));
    if (got > 0) {
      taken.put(host, now + got);
    }
    return got;
  }

  /** Gives back to the host that it was taken for. */
  synchronized void giveBack(String host, int count) {
    taken.computeIfPresent(host, (_, now) -> now == count ? null : now - count);
  }

  /** What all have taken. */
  synchronized int inAll() {
    return taken.values().stream().mapToInt(Integer::intValue).sum();
  }
}
