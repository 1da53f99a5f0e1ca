package io.pulsegrid.node.grid.wire;

import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.core.limit.WindowRule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.cache.processor.MutableEntry;
import org.apache.ignite.cache.CacheEntryProcessor;
import org.jspecify.annotations.Nullable;

/**
 * A change of one scope of limits, run where the scope lives. Each is safe to apply twice: the
 * caller brings the time, in milliseconds that the windows round up, and tells permits apart by
 * number. A scope that is not there yet is left alone, except by what begins it: what was counted
 * is then read from the ledger.
 */
public abstract class ScopeChange implements CacheEntryProcessor<String, byte[], long[]> {
  private static final long serialVersionUID = 1L;
  static final long[] NOTHING = {};

  ScopeChange() {}

  @Override
  public final long[] process(MutableEntry<String, byte[]> entry, Object... arguments) {
    byte @Nullable [] packed = entry.getValue();
    if (packed == null && !begins()) {
      return NOTHING;
    }
    LimitedScope scope = packed == null ? new LimitedScope() : LimitedScope.unpack(packed);
    long @Nullable [] answer = apply(scope);
    if (answer == null) {
      return NOTHING;
    }
    entry.setValue(scope.pack());
    return answer;
  }

  /** Whether it may be the first that a scope sees. */
  boolean begins() {
    return false;
  }

  /** Changes the scope; null when there is nothing to keep. */
  abstract long @Nullable [] apply(LimitedScope scope);

  /**
   * Asks for permits; answers how many were granted, the millisecond from which one more would be,
   * and that until which the scope is near its limit, or nothing where the windows are not covered.
   */
  public static final class Grant extends ScopeChange {
    private static final long serialVersionUID = 1L;

    private final String action;
    private final int[] limits;
    private final long[] windows;
    private final long[] permits;
    private final long nowMillis;
    private final long leaseEndMillis;

    public Grant(
        String action, List<WindowRule> rules, long[] permits, Instant now, Instant leaseEnd) {
      this.action = action;
      this.limits = new int[rules.size()];
      this.windows = new long[rules.size()];
      for (int i = 0; i < limits.length; i++) {
        limits[i] = rules.get(i).limit();
        windows[i] = rules.get(i).window().toMillis();
      }
      this.permits = permits.clone();
      this.nowMillis = now.toEpochMilli();
      this.leaseEndMillis = leaseEnd.toEpochMilli();
    }

    @Override
    long @Nullable [] apply(LimitedScope scope) {
      List<WindowRule> rules = new ArrayList<>(limits.length);
      for (int i = 0; i < limits.length; i++) {
        rules.add(new WindowRule(limits[i], Duration.ofMillis(windows[i])));
      }
      if (!scope.covers(action, rules)) {
        return null;
      }
      Instant now = Instant.ofEpochMilli(nowMillis);
      int granted = scope.grant(action, rules, permits, now, Instant.ofEpochMilli(leaseEndMillis));
      return new long[] {
        granted,
        scope.allowedAt(action, rules, now).toEpochMilli(),
        scope.action(action).nearUntil(rules, now).toEpochMilli()
      };
    }
  }

  /**
   * Begins a scope with the block that the store remembers; answers from which millisecond it
   * grants, whoever began it.
   */
  public static final class Begin extends ScopeChange {
    private static final long serialVersionUID = 1L;

    private final long openFromMillis;
    private final long blockedUntilMillis;
    private final @Nullable String blockReason;

    /**
     * The store's word.
     *
     * @param block null for none
     */
    public Begin(Instant openFrom, LimitedScope.@Nullable Block block) {
      this.openFromMillis = openFrom.toEpochMilli();
      this.blockedUntilMillis = block == null ? 0 : block.until().toEpochMilli();
      this.blockReason = block == null ? null : block.reason();
    }

    @Override
    boolean begins() {
      return true;
    }

    @Override
    long[] apply(LimitedScope scope) {
      // Only at its beginning: a block that was lifted since the store was read stays lifted.
      if (blockReason != null && scope.openFrom() == null) {
        scope.block(new LimitedScope.Block(Instant.ofEpochMilli(blockedUntilMillis), blockReason));
      }
      scope.begin(Instant.ofEpochMilli(openFromMillis));
      return new long[] {Objects.requireNonNull(scope.openFrom()).toEpochMilli()};
    }
  }

  /**
   * Gives a scope its windows, or further ones, with what the ledger knows. What was read for a
   * count that was lost since is not taken by the one that was begun after it.
   */
  public static final class Cover extends ScopeChange {
    private static final long serialVersionUID = 1L;

    private final long openFromMillis;
    private final String action;
    private final long[] windows;
    private final long[] endsMillis;

    /**
     * The ledger's word.
     *
     * @param openFrom of the count that this was read for
     * @param ends when the actions known so far ended
     */
    public Cover(
        Instant openFrom, String action, List<WindowRule> rules, Collection<Instant> ends) {
      this.openFromMillis = openFrom.toEpochMilli();
      this.action = action;
      this.windows = rules.stream().mapToLong(rule -> rule.window().toMillis()).toArray();
      this.endsMillis = ends.stream().mapToLong(end -> end.toEpochMilli()).toArray();
    }

    @Override
    long @Nullable [] apply(LimitedScope scope) {
      Instant openFrom = scope.openFrom();
      if (openFrom == null || openFrom.toEpochMilli() != openFromMillis) {
        return null;
      }
      scope
          .action(action)
          .cover(
              Arrays.stream(windows).mapToObj(Duration::ofMillis).toList(),
              Arrays.stream(endsMillis).mapToObj(Instant::ofEpochMilli).toList());
      return NOTHING;
    }
  }

  /** Permits were not used. */
  public static final class Release extends ScopeChange {
    private static final long serialVersionUID = 1L;

    private final String action;
    private final long[] permits;

    public Release(String action, long... permits) {
      this.action = action;
      this.permits = permits.clone();
    }

    @Override
    long[] apply(LimitedScope scope) {
      Arrays.stream(permits).forEach(scope.action(action)::release);
      return NOTHING;
    }
  }

  /** Several changes of one scope, in their order; answers what the last of them does. */
  public static final class Several extends ScopeChange {
    private static final long serialVersionUID = 1L;

    private final ScopeChange[] changes;

    public Several(List<ScopeChange> changes) {
      this.changes = changes.toArray(new ScopeChange[0]);
    }

    @Override
    boolean begins() {
      return Arrays.stream(changes).anyMatch(ScopeChange::begins);
    }

    @Override
    long @Nullable [] apply(LimitedScope scope) {
      boolean changed = false;
      long @Nullable [] last = null;
      for (ScopeChange change : changes) {
        last = change.apply(scope);
        changed |= last != null;
      }
      // What went before the last one is kept, though that one may change nothing.
      return last == null && changed ? NOTHING : last;
    }
  }

  /** An action was taken outside. */
  public static final class Count extends ScopeChange {
    private static final long serialVersionUID = 1L;

    private final String action;
    private final long number;
    private final long atMillis;

    public Count(String action, long number, Instant at) {
      this.action = action;
      this.number = number;
      this.atMillis = at.toEpochMilli();
    }

    @Override
    boolean begins() {
      return true;
    }

    @Override
    long[] apply(LimitedScope scope) {
      scope.action(action).record(number, Instant.ofEpochMilli(atMillis));
      return NOTHING;
    }
  }

  /** Nothing more until then. */
  public static final class Block extends ScopeChange {
    private static final long serialVersionUID = 1L;

    private final long untilMillis;
    private final String reason;

    public Block(LimitedScope.Block block) {
      this.untilMillis = block.until().toEpochMilli();
      this.reason = block.reason();
    }

    @Override
    boolean begins() {
      return true;
    }

    @Override
    long[] apply(LimitedScope scope) {
      scope.block(new LimitedScope.Block(Instant.ofEpochMilli(untilMillis), reason));
      return NOTHING;
    }
  }

  /** A block is lifted. */
  public static final class Unblock extends ScopeChange {
    private static final long serialVersionUID = 1L;

    @Override
    long[] apply(LimitedScope scope) {
      scope.unblock();
      return NOTHING;
    }
  }
}
