package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.limits.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A quota that lets through until it is closed, and remembers what it was asked and told. */
final class RememberingQuota implements Quota {
  private final List<Bucket> asked = new CopyOnWriteArrayList<>();
  private final List<Told> told = new CopyOnWriteArrayList<>();
  private final Runnable waiting;
  private volatile int left = Integer.MAX_VALUE;
  private volatile @Nullable Instant reopens;

  /**
   * @param waiting what goes by before a patient caller is let through
   */
  RememberingQuota(Runnable waiting) {
    this.waiting = waiting;
  }

  @Override
  public synchronized Leave ask(Bucket bucket, Duration longest) {
    Instant until = reopens;
    if (left <= 0 && until != null) {
      return new Leave.Held(until, "nothing is left");
    }
    left--;
    asked.add(bucket);
    if (bucket.patient()) {
      waiting.run();
    }
    return new Leave.Granted(told::add);
  }

  /** Lets only so many calls more through. */
  synchronized void closeAfter(int calls, Instant until) {
    left = calls;
    reopens = until;
  }

  List<Bucket> asked() {
    return asked;
  }

  /** What the last answer said to be left. */
  int remaining() {
    return Objects.requireNonNull(told.getLast().allowance()).remaining();
  }

  List<Told> told() {
    return told;
  }
}
