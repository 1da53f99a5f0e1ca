package io.pulsegrid.core.limit;

import java.util.Arrays;

/** A growing row of longs. */
final class LongBuilder {
  private long[] values = new long[32];
  private int size;

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  long[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
