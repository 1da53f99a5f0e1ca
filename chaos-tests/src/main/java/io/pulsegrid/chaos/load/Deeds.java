package io.pulsegrid.chaos.load;

import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Everything that clients did, and what went against the contract. Safe for use by many threads.
 */
public final class Deeds {
  private final Queue<Deed> deeds = new ConcurrentLinkedQueue<>();
  private final Queue<String> surprises = new ConcurrentLinkedQueue<>();

  void add(Deed deed) {
    deeds.add(deed);
  }

  /** Something that no fault excuses, such as a right request called wrong. */
  void surprise(String what) {
    surprises.add(what);
  }

  /** What ended since an instant. */
  public List<Deed> since(Instant from) {
    return deeds.stream().filter(deed -> !deed.ended().isBefore(from)).toList();
  }

  public List<String> surprises() {
    return List.copyOf(surprises);
  }
}
