package io.pulsegrid.core.limit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that holds back one scope (a channel, or the app that all channels of a platform
 * share): a block by the platform or a person, and for each action its sliding windows. One that is
 * begun again because its count was lost opens only when nobody can hold a permit of the lost count
 * that the ledger does not show. Not safe for use by several threads.
 */
public final class LimitedScope {
  private static final int FORM = 3;
  private static final int GRAIN = 128;

  private final TreeMap<String, SlidingWindow> actions = new TreeMap<>();
  private @Nullable Block block;
  private @Nullable Instant openFrom;

  /** Nothing is allowed before {@code until}, which is kept in whole milliseconds, rounded up. */
  public record Block(Instant until, String reason) {
    public Block {
      Instant floor = until.truncatedTo(ChronoUnit.MILLIS);
      until = floor.equals(until) ? floor : floor.plusMillis(1);
    }
  }

  /**
   * Grants as {@link SlidingWindow#grant}, but nothing while blocked or before it opens.
   *
   * @return how many were granted
   */
  public int grant(
      String action, List<WindowRule> rules, long[] permits, Instant now, Instant leaseEnd) {
    if (blocked(now) != null || !isOpen(now)) {
      return 0;
    }
    SlidingWindow window = action(action);
    window.tidy(rules, now);
    return window.grant(rules, permits, now, leaseEnd);
  }

  /** When one more action is allowed if nothing else happens; {@code now} if it is. */
  public Instant allowedAt(String action, List<WindowRule> rules, Instant now) {
    Instant allowed = action(action).allowedAt(rules, now);
    Block current = blocked(now);
    if (current != null && current.until().isAfter(allowed)) {
      allowed = current.until();
    }
    return openFrom != null && openFrom.isAfter(allowed) ? openFrom : allowed;
  }

  /** Opens at {@code from}, in whole milliseconds; what was said first holds. */
  public void begin(Instant from) {
    if (openFrom == null) {
      openFrom = from.truncatedTo(ChronoUnit.MILLIS);
    }
  }

  /** When it opens or opened, which also tells this count from one before it; null: not begun. */
  public @Nullable Instant openFrom() {
    return openFrom;
  }

  private boolean isOpen(Instant now) {
    return openFrom == null || !now.isBefore(openFrom);
  }

  /** Holds everything back until then; of two blocks the longer one stays. */
  public void block(Block wanted) {
    if (block == null || wanted.until().isAfter(block.until())) {
      block = wanted;
    }
  }

  /** Lifts a block, whoever set it, and what the platform said to be left. */
  public void unblock() {
    block = null;
    actions.values().forEach(SlidingWindow::forgetTold);
  }

  /** What holds an action back at {@code now}, counts apart; null for nothing. */
  public @Nullable Block holdsBack(String action, Instant now) {
    Block current = blocked(now);
    Instant spent = action(action).spentUntil(now);
    return spent == null || (current != null && !spent.isAfter(current.until()))
        ? current
        : new Block(spent, "the platform says that nothing is left");
  }

  /** The block in force at {@code now}; null for none. */
  public @Nullable Block blocked(Instant now) {
    return block != null && now.isBefore(block.until()) ? block : null;
  }

  /** The block, in force or over; null for none. */
  public @Nullable Block block() {
    return block;
  }

  /** The windows of an action, begun if this is the first sight of it. */
  public SlidingWindow action(String action) {
    return actions.computeIfAbsent(action, _ -> new SlidingWindow());
  }

  /** Whether every window of an action is covered by what is known. */
  public boolean covers(String action, List<WindowRule> rules) {
    SlidingWindow window = actions.get(action);
    for (WindowRule rule : rules) {
      if (window == null || !window.covers(rule.window())) {
        return false;
      }
    }
    return true;
  }

  /** The windows by action, in the actions' order; a view. */
  public SortedMap<String, SlidingWindow> actions() {
    return Collections.unmodifiableSortedMap(actions);
  }

  /**
   * All there is to know, for {@link #unpack}. Its length changes in steps: where a store writes a
   * value of the same length in place, as Ignite does, most changes cost no more than that.
   */
  public byte[] pack() {
    PackedWriter out = new PackedWriter();
    out.add(FORM);
    out.add(block == null ? 0 : 1);
    if (block != null) {
      out.add(block.until().toEpochMilli());
      out.add(block.reason());
    }
    out.add(openFrom == null ? 0 : 1);
    if (openFrom != null) {
      out.add(openFrom.toEpochMilli());
    }
    out.add(actions.size());
    actions.forEach(
        (action, window) -> {
          out.add(action);
          window.writeTo(out);
        });
    return out.toArray(GRAIN);
  }

  /**
   * The scope that was packed.
   *
   * @throws IllegalArgumentException for another form of packing
   */
  public static LimitedScope unpack(byte[] packed) {
    PackedReader in = new PackedReader(packed);
    long form = in.next();
    if (form != FORM) {
      throw new IllegalArgumentException("a scope must have the form " + FORM + ", was " + form);
    }
    LimitedScope scope = new LimitedScope();
    if (in.next() == 1) {
      scope.block = new Block(Instant.ofEpochMilli(in.next()), in.nextText());
    }
    if (in.next() == 1) {
      scope.openFrom = Instant.ofEpochMilli(in.next());
    }
    long actions = in.next();
    for (long i = 0; i < actions; i++) {
      scope.actions.put(in.nextText(), SlidingWindow.readFrom(in));
    }
    return scope;
  }
}
