package io.pulsegrid.sim.judge;

import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Everything that was created on any platform, in order. Safe for use by many threads. */
public final class Ledger {
  /**
   * One thing that arrived.
   *
   * @param idempotencyKey as the client sent it; null if it sent none
   */
  public record Entry(
      String platform,
      String account,
      String id,
      String text,
      @Nullable String idempotencyKey,
      Instant at) {}

  private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();

  public void add(Entry entry) {
    entries.add(entry);
  }

  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  public void clear() {
    entries.clear();
  }
}
