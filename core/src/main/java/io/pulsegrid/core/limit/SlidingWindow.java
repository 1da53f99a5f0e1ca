package io.pulsegrid.core.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One kind of action in one scope, counted against several sliding windows at once.
 *
 * <p>A permit is held from its grant until one window after its call ended. The platform counts the
 * call somewhere in between, so of any events that it sees within one window, the last one granted
 * was granted while all the others were held: never more than the limit. A permit that is neither
 * settled nor released counts as a call that ended with its lease.
 *
 * <p>Every change may be applied twice: permits are told apart by their number, and the caller
 * brings the time. Times are kept in milliseconds, ends rounded up and questions rounded down. Not
 * safe for use by several threads.
 */
public final class SlidingWindow {
  private static final int REMEMBERED = 64;
  private static final int FORM = 4;

  private final TreeMap<Long, EventLog> logs = new TreeMap<>();
  private PermitRow open = new PermitRow();
  // The last settled permits and when they ended: a change that arrives again is recognised.
  private PermitRow settled = new PermitRow();
  private long toldReset = Long.MIN_VALUE;
  private long toldRemaining;

  /**
   * As many of these permits as every rule allows, from the first on.
   *
   * @param rules windows that {@link #covers} holds for
   * @param leaseEnd when a permit that is never settled counts as ended
   * @return how many were granted; those held already by an earlier application count as granted
   */
  public int grant(List<WindowRule> rules, long[] permits, Instant now, Instant leaseEnd) {
    long at = now.toEpochMilli();
    endLeases(at);
    int held = 0;
    while (held < permits.length && open.find(permits[held]) != PermitRow.NONE) {
      held++;
    }
    long free = free(rules, at);
    int granted = held;
    while (granted < permits.length && free > 0) {
      open.put(permits[granted++], after(leaseEnd));
      free--;
      if (at < toldReset) {
        toldRemaining--;
      }
    }
    return granted;
  }

  /** The permit's call ended at {@code endedAt}. */
  public void settle(long permit, Instant endedAt) {
    long end = after(endedAt);
    boolean wasOpen = open.remove(permit);
    int known = settled.find(permit);
    // A permit nobody knows is counted as well: it may be from before the count was rebuilt.
    if (wasOpen || known == PermitRow.NONE || settled.end(known) < end) {
      settleAt(permit, end);
    }
  }

  /** The permit was not used: surely nothing was called. */
  public void release(long permit) {
    boolean _ = open.remove(permit);
  }

  /** Counts an action that was taken without a permit. */
  public void record(long number, Instant at) {
    if (settled.find(number) == PermitRow.NONE) {
      settleAt(number, after(at));
    }
  }

  /**
   * What the platform said after a call: at most {@code remaining} more before {@code reset}. Open
   * permits are taken off, since it may not have counted them yet. It only ever holds back further.
   */
  public void told(int remaining, Instant reset) {
    long end = after(reset);
    long left = Math.max(0L, (long) remaining - open.size());
    // Answers may overtake each other: of one period the lowest holds, of two the later.
    if (end > toldReset) {
      toldReset = end;
      toldRemaining = left;
    } else if (end == toldReset) {
      toldRemaining = Math.min(toldRemaining, left);
    }
  }

  /**
   * When the period ends of which the platform said that nothing is left; null: it said no such.
   */
  @Nullable Instant spentUntil(Instant now) {
    boolean spent = now.toEpochMilli() < toldReset && toldRemaining <= 0;
    return spent ? Instant.ofEpochMilli(toldReset) : null;
  }

  /** Forgets what the platform said; what was counted stays. */
  void forgetTold() {
    toldReset = Long.MIN_VALUE;
    toldRemaining = 0;
  }

  /** Whether the events of a window this long are known. */
  public boolean covers(Duration window) {
    return logs.containsKey(window.toMillis());
  }

  /**
   * Begins to cover the windows that are not covered yet.
   *
   * @param ends when the actions known so far ended, a lease's end for one that may be running
   */
  public void cover(Collection<Duration> windows, Collection<Instant> ends) {
    // Recorded while nothing was covered: whoever asked for `ends` may not have seen them yet.
    boolean first = logs.isEmpty();
    for (Duration window : windows) {
      if (!covers(window)) {
        EventLog log = new EventLog();
        ends.stream().mapToLong(SlidingWindow::after).sorted().forEach(log::add);
        for (int i = 0; first && i < settled.size(); i++) {
          log.add(settled.end(i));
        }
        logs.put(window.toMillis(), log);
      }
    }
  }

  /** How many actions count in a rule's window. */
  public int used(WindowRule rule, Instant now) {
    return Math.toIntExact(
        Math.min(used(rule.window().toMillis(), now.toEpochMilli()), Integer.MAX_VALUE));
  }

  /**
   * When one more action is allowed by every rule if nothing else happens; {@code now} if it is.
   */
  public Instant allowedAt(List<WindowRule> rules, Instant now) {
    long at = now.toEpochMilli();
    long allowed = at;
    for (WindowRule rule : rules) {
      allowed = Math.max(allowed, allowedAt(rule, at));
    }
    if (at < toldReset && toldRemaining <= 0) {
      allowed = Math.max(allowed, toldReset);
    }
    return allowed == at ? now : Instant.ofEpochMilli(allowed);
  }

  /**
   * Until when four fifths or more of some rule's window are used if nothing else happens; {@code
   * now} if they are not.
   */
  public Instant nearUntil(List<WindowRule> rules, Instant now) {
    long at = now.toEpochMilli();
    long near = at;
    for (WindowRule rule : rules) {
      int fourFifths = (int) ((4L * rule.limit() + 4) / 5);
      near = Math.max(near, allowedAt(new WindowRule(fourFifths, rule.window()), at));
    }
    return near == at ? now : Instant.ofEpochMilli(near);
  }

  /** Forgets what no longer counts, and the windows that no rule asks for. */
  public void tidy(List<WindowRule> rules, Instant now) {
    long at = now.toEpochMilli();
    endLeases(at);
    logs.keySet().removeIf(window -> !isAsked(rules, window));
    logs.forEach((window, log) -> log.forgetUntil(at - window));
    if (!logs.isEmpty()) {
      // Should one of these arrive again, it is an event of the past, which nothing counts.
      settled.forgetUntil(at - logs.lastKey());
    }
  }

  private static boolean isAsked(List<WindowRule> rules, long window) {
    for (WindowRule rule : rules) {
      if (rule.window().toMillis() == window) {
        return true;
      }
    }
    return false;
  }

  /** All there is to know, for {@link #restore}. */
  public byte[] snapshot() {
    PackedWriter out = new PackedWriter();
    out.add(FORM);
    writeTo(out);
    return out.toArray();
  }

  /** The window that a snapshot was taken of. */
  public static SlidingWindow restore(byte[] snapshot) {
    PackedReader in = new PackedReader(snapshot);
    long form = in.next();
    if (form != FORM) {
      throw new IllegalArgumentException("snapshot must have the form " + FORM + ", was " + form);
    }
    return readFrom(in);
  }

  void writeTo(PackedWriter out) {
    out.add(logs.size());
    logs.forEach(
        (window, log) -> {
          out.add(window);
          log.writeTo(out);
        });
    open.writeTo(out);
    settled.writeTo(out);
    out.add(toldReset);
    out.add(toldRemaining);
  }

  static SlidingWindow readFrom(PackedReader in) {
    SlidingWindow window = new SlidingWindow();
    long logs = in.next();
    for (long i = 0; i < logs; i++) {
      window.logs.put(in.next(), EventLog.readFrom(in));
    }
    window.open = PermitRow.readFrom(in);
    window.settled = PermitRow.readFrom(in);
    window.toldReset = in.next();
    window.toldRemaining = in.next();
    return window;
  }

  private long free(List<WindowRule> rules, long at) {
    long free = at < toldReset ? toldRemaining : Long.MAX_VALUE;
    for (WindowRule rule : rules) {
      if (!covers(rule.window())) {
        throw new IllegalStateException("a window must be covered before grants: " + rule.window());
      }
      free = Math.min(free, rule.limit() - used(rule.window().toMillis(), at));
    }
    return free;
  }

  private long used(long window, long at) {
    EventLog log = logs.get(window);
    long events = log == null ? 0 : log.countAfter(at - window);
    // An open lease that ran out longer than a window ago is not a use any more.
    return events + open.countAfter(at - window);
  }

  private long allowedAt(WindowRule rule, long at) {
    long window = rule.window().toMillis();
    long surplus = used(window, at) - rule.limit() + 1;
    if (surplus <= 0) {
      return at;
    }
    // Both in the order in which they leave.
    EventLog log = logs.getOrDefault(window, EventLog.NONE);
    long[] leases = open.sortedEnds();
    int next = 0;
    int lease = 0;
    while (next < log.size() || lease < leases.length) {
      boolean event =
          lease == leases.length || (next < log.size() && log.newest(next) <= leases[lease]);
      long end = event ? log.newest(next) : leases[lease];
      long count = event ? log.count(next++) : 1;
      lease += event ? 0 : 1;
      if (end > at - window) {
        surplus -= count;
        if (surplus <= 0) {
          return end + window;
        }
      }
    }
    throw new IllegalStateException("a window holds less than it counts: " + rule);
  }

  /** Turns permits whose lease is over into events that ended with it. */
  private void endLeases(long at) {
    for (int i = 0; i < open.size(); ) {
      if (open.end(i) > at) {
        i++;
        continue;
      }
      long permit = open.number(i);
      long end = open.end(i);
      open.removeAt(i);
      settleAt(permit, end);
    }
  }

  private void settleAt(long permit, long end) {
    settled.put(permit, end);
    if (settled.size() > REMEMBERED) {
      settled.removeAt(0);
    }
    logs.values().forEach(log -> log.add(end));
  }

  /** The first whole millisecond after an instant: a window's two edges never both fit in it. */
  private static long after(Instant instant) {
    return instant.toEpochMilli() + 1;
  }
}
