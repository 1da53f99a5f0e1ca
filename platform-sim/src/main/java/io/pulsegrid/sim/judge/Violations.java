package io.pulsegrid.sim.judge;

import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Every call that was made while its account's window was full. Such a call is refused as well; but
 * a client that counts right never makes it. Safe for use by many threads.
 */
public final class Violations {
  /**
   * One call too many.
   *
   * @param count what the window would have held with this call
   */
  public record Entry(
      String platform, String action, String account, LimitRule rule, long count, Instant at) {}

  private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();

  void add(Entry entry) {
    entries.add(entry);
  }

  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  public void clear() {
    entries.clear();
  }
}
