package io.pulsegrid.node.grid.wire;

import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.core.limit.SlidingWindow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one scope that ended, in this order: what becomes of the permit of each, and then what
 * the platform's headers said after it.
 */
public final class EndedCalls extends ScopeChange {
  private static final long serialVersionUID = 1L;
  private static final long HELD = Long.MAX_VALUE;
  private static final long RELEASED = Long.MIN_VALUE;
  private static final int UNTOLD = -1;

  private final String action;
  private final long[] permits;
  private final long[] endsMillis;
  private final int[] remaining;
  private final long[] resetsMillis;

  /**
   * One of them.
   *
   * @param told what the headers said of this scope; null for nothing
   */
  public record Call(long permit, Fate fate, @Nullable Allowance told) {}

  /** What becomes of a permit. */
  public sealed interface Fate {
    /** It counts from then on. */
    record Counted(Instant at) implements Fate {}

    /** It was not used. */
    record Released() implements Fate {}

    /** It is held until its lease ends. */
    record Held() implements Fate {}
  }

  public EndedCalls(String action, List<Call> calls) {
    this.action = action;
    int size = calls.size();
    permits = new long[size];
    endsMillis = new long[size];
    remaining = new int[size];
    resetsMillis = new long[size];
    for (int i = 0; i < size; i++) {
      Call call = calls.get(i);
      Allowance told = call.told();
      permits[i] = call.permit();
      endsMillis[i] = millis(call.fate());
      remaining[i] = told == null ? UNTOLD : told.remaining();
      resetsMillis[i] = told == null ? 0 : told.reset().toEpochMilli();
    }
  }

  private static long millis(Fate fate) {
    return switch (fate) {
      case Fate.Counted(Instant at) -> at.toEpochMilli();
      case Fate.Released() -> RELEASED;
      case Fate.Held() -> HELD;
    };
  }

  @Override
  long[] apply(LimitedScope scope) {
    SlidingWindow window = scope.action(action);
    for (int i = 0; i < permits.length; i++) {
      if (endsMillis[i] == RELEASED) {
        window.release(permits[i]);
      } else if (endsMillis[i] != HELD) {
        window.settle(permits[i], Instant.ofEpochMilli(endsMillis[i]));
      }
      // In its turn: what was open when the platform said so it may not have counted yet.
      if (remaining[i] != UNTOLD) {
        window.told(remaining[i], Instant.ofEpochMilli(resetsMillis[i]));
      }
    }
    return NOTHING;
  }
}
