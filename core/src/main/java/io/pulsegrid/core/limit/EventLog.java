package io.pulsegrid.core.limit;

import java.util.Arrays;

/**
 * When the events of one window ended, oldest first: exact up to {@link #SLOTS} of them, then
 * neighbours share a slot. A slot counts in full until its newest event leaves the window, so the
 * count may be slightly high and is never low.
 */
final class EventLog {
  static final int SLOTS = 512;

  /** Longs a slot takes in a snapshot. */
  static final int WIDTH = 3;

  // Slots in the order of `newest`; spans of neighbours may overlap where events came late.
  private long[] oldest = new long[16];
  private long[] newest = new long[16];
  private long[] counts = new long[16];
  private int size;

  int size() {
    return size;
  }

  /** Takes an event in. */
  void add(long at) {
    insert(at, at, 1);
    if (size > SLOTS) {
      mergeClosest();
    }
  }

  /** How many events ended after {@code bound}. */
  long countAfter(long bound) {
    long count = 0;
    for (int i = size - 1; i >= 0 && newest[i] > bound; i--) {
      count += counts[i];
    }
    return count;
  }

  /** Forgets what ended at or before {@code bound}. */
  void forgetUntil(long bound) {
    int gone = 0;
    while (gone < size && newest[gone] <= bound) {
      gone++;
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

  void writeTo(LongBuilder out) {
    out.add(size);
    for (int i = 0; i < size; i++) {
      out.add(oldest[i]);
      out.add(newest[i]);
      out.add(counts[i]);
    }
  }

  static EventLog readFrom(LongReader in) {
    EventLog log = new EventLog();
    int slots = (int) in.next();
    for (int i = 0; i < slots; i++) {
      log.insert(in.next(), in.next(), in.next());
    }
    return log;
  }

  private void insert(long from, long until, long count) {
    if (size == newest.length) {
      int larger = size * 2;
      oldest = Arrays.copyOf(oldest, larger);
      newest = Arrays.copyOf(newest, larger);
      counts = Arrays.copyOf(counts, larger);
    }
    int place = size;
    while (place > 0 && newest[place - 1] > until) {
      place--;
    }
    System.arraycopy(oldest, place, oldest, place + 1, size - place);
    System.arraycopy(newest, place, newest, place + 1, size - place);
    System.arraycopy(counts, place, counts, place + 1, size - place);
    oldest[place] = from;
    newest[place] = until;
    counts[place] = count;
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
