package io.pulsegrid.sim.judge;

import java.util.Arrays;

/** Times in ascending order, oldest dropped from the front. Not safe for concurrent use. */
final class Stamps {
  private long[] millis = new long[16];
  private int from;
  private int to;

  /** Adds a time; one before the newest counts as the newest. */
  void add(long at) {
    if (to == millis.length) {
      makeRoom();
    }
    millis[to] = to > from ? Math.max(at, millis[to - 1]) : at;
    to++;
  }

  /** How many lie after {@code since}. */
  int countAfter(long since) {
    return to - firstAfter(since);
  }

  /** The n-th newest, counted from 1. */
  long newest(int n) {
    return millis[to - n];
  }

  void dropUpTo(long until) {
    from = firstAfter(until);
  }

  private int firstAfter(long since) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (millis[middle] > since) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Moves to the front of an array that is at least half empty. */
  private void makeRoom() {
    int size = to - from;
    int length = size < millis.length / 2 ? millis.length : millis.length * 2;
    millis = Arrays.copyOf(Arrays.copyOfRange(millis, from, to), length);
    from = 0;
    to = size;
  }
}
