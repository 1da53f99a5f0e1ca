package io.pulsegrid.core.limit;

import java.util.Arrays;

/**
 * When the events of one window ended, oldest first. Those of one millisecond share a slot, which
 * loses nothing; so do neighbours once there are more than {@link #SLOTS}. A slot counts in full
 * until its newest event leaves the window, so the count may be slightly high and is never low.
 */
final class EventLog {
  static final int SLOTS = 512;

  /** So many of a step's lowest bits say how many a slot holds; 0: it is said behind the step. */
  private static final int COUNT_BITS = 2;

  private static final int FEW = (1 << COUNT_BITS) - 1;

  private static final int ROOM = 16;

  /** Of a window that nothing was counted in; never added to. */
  static final EventLog NONE = new EventLog(0);

  // Slots in the order of `newest`; spans of neighbours may overlap where events came late.
  private long[] oldest;
  private long[] newest;
  private long[] counts;
  private int size;
  private long total;

  EventLog() {
    this(ROOM);
  }

  private EventLog(int room) {
    oldest = new long[room];
    newest = new long[room];
    counts = new long[room];
  }

  int size() {
    return size;
  }

  /** Takes an event in. */
  void add(long at) {
    int place = size;
    while (place > 0 && newest[place - 1] > at) {
      place--;
    }
    total++;
    if (place > 0 && newest[place - 1] == at) {
      counts[place - 1]++;
      return;
    }
    insert(place, at);
    if (size > SLOTS) {
      mergeClosest();
    }
  }

  /** How many events ended after {@code bound}. */
  long countAfter(long bound) {
    long count = total;
    for (int i = 0; i < size && newest[i] <= bound; i++) {
      count -= counts[i];
    }
    return count;
  }

  /** Forgets what ended at or before {@code bound}. */
  void forgetUntil(long bound) {
    int gone = 0;
    while (gone < size && newest[gone] <= bound) {
      total -= counts[gone++];
    }
    if (gone > 0) {
      size -= gone;
      System.arraycopy(oldest, gone, oldest, 0, size);
      System.arraycopy(newest, gone, newest, 0, size);
      System.arraycopy(counts, gone, counts, 0, size);
    }
  }

  /** The end of the slot at {@code index}, and with {@link #count} what it holds. */
  long newest(int index) {
    return newest[index];
  }

  long count(int index) {
    return counts[index];
  }

  /**
   * Each slot by how far its end is from that of the one before, and how many it holds; one whose
   * events ended at different times, as few do, by how far they are apart as well.
   */
  void writeTo(PackedWriter out) {
    out.addNatural(size);
    long before = 0;
    for (int i = 0; i < size; i++) {
      long step = (newest[i] - before) << COUNT_BITS;
      before = newest[i];
      if (counts[i] <= FEW && oldest[i] == newest[i]) {
        out.addNatural(step + counts[i]);
      } else {
        out.addNatural(step);
        out.addNatural(counts[i]);
        out.addNatural(newest[i] - oldest[i]);
      }
    }
  }

  static EventLog readFrom(PackedReader in) {
    int slots = (int) in.nextNatural();
    EventLog log = new EventLog(slots + ROOM);
    long end = 0;
    for (int i = 0; i < slots; i++) {
      long said = in.nextNatural();
      end += said >> COUNT_BITS;
      long few = said & FEW;
      log.newest[i] = end;
      log.counts[i] = few == 0 ? in.nextNatural() : few;
      log.oldest[i] = few == 0 ? end - in.nextNatural() : end;
      log.total += log.counts[i];
    }
    log.size = slots;
    return log;
  }

  private void insert(int place, long at) {
    if (size == newest.length) {
      int larger = size * 2;
      oldest = Arrays.copyOf(oldest, larger);
      newest = Arrays.copyOf(newest, larger);
      counts = Arrays.copyOf(counts, larger);
    }
    System.arraycopy(oldest, place, oldest, place + 1, size - place);
    System.arraycopy(newest, place, newest, place + 1, size - place);
    System.arraycopy(counts, place, counts, place + 1, size - place);
    oldest[place] = at;
    newest[place] = at;
    counts[place] = 1;
    size++;
  }

  /** Joins the two neighbours whose common slot spans the least time: what is lost is smallest. */
  private void mergeClosest() {
    int best = 0;
    long bestSpan = Long.MAX_VALUE;
    for (int i = 0; i + 1 < size; i++) {
      long span = newest[i + 1] - Math.min(oldest[i], oldest[i + 1]);
      if (span < bestSpan) {
        best = i;
        bestSpan = span;
      }
    }
    int next = best + 1;
    oldest[next] = Math.min(oldest[best], oldest[next]);
    counts[next] += counts[best];
    size--;
    System.arraycopy(oldest, next, oldest, best, size - best);
    System.arraycopy(newest, next, newest, best, size - best);
    System.arraycopy(counts, next, counts, best, size - best);
  }
}
