package io.pulsegrid.core.limit;

/** A row of longs, read from the front. */
final class LongReader {
  private final long[] values;
  private int at;

  LongReader(long[] values) {
    this.values = values;
  }

  long next() {
    return values[at++];
  }
}
