package io.pulsegrid.core.limit;

import java.util.Arrays;

/**
 * Permits by number, each with an end in milliseconds, in the order they came. Rows are short:
 * looked through from the front, they are faster than a map and read and written as they lie. Not
 * safe for use by several threads.
 */
final class PermitRow {
  static final int NONE = -1;

  private long[] numbers;
  private long[] ends;
  private int size;

  PermitRow() {
    this(8);
  }

  private PermitRow(int room) {
    numbers = new long[room];
    ends = new long[room];
  }

  int size() {
    return size;
  }

  /** Where a permit stands; {@link #NONE} for nowhere. */
  int find(long number) {
    for (int i = 0; i < size; i++) {
      if (numbers[i] == number) {
        return i;
      }
    }
    return NONE;
  }

  long number(int place) {
    return numbers[place];
  }

  long end(int place) {
    return ends[place];
  }

  /** The ends, earliest first. */
  long[] sortedEnds() {
    long[] sorted = Arrays.copyOf(ends, size);
    Arrays.sort(sorted);
    return sorted;
  }

  /** How many end after {@code bound}. */
  int countAfter(long bound) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (ends[i] > bound) {
        count++;
      }
    }
    return count;
  }

  /** Puts a permit last, or changes the end of one that is there. */
  void put(long number, long end) {
    int place = find(number);
    if (place != NONE) {
      ends[place] = end;
      return;
    }
    add(number, end);
  }

  /** Takes a permit out; false where it is not. */
  boolean remove(long number) {
    int place = find(number);
    if (place == NONE) {
      return false;
    }
    removeAt(place);
    return true;
  }

  void removeAt(int place) {
    size--;
    System.arraycopy(numbers, place + 1, numbers, place, size - place);
    System.arraycopy(ends, place + 1, ends, place, size - place);
  }

  /** Takes out what ended at or before {@code bound}. */
  void forgetUntil(long bound) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (ends[i] > bound) {
        numbers[kept] = numbers[i];
        ends[kept++] = ends[i];
      }
    }
    size = kept;
  }

  private void add(long number, long end) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
    }
    numbers[size] = number;
    ends[size++] = end;
  }

  /** Each by how far its number and its end are from those of the one before: mostly, not far. */
  void writeTo(PackedWriter out) {
    out.add(size);
    long number = 0;
    long end = 0;
    for (int i = 0; i < size; i++) {
      out.add(numbers[i] - number);
      out.add(ends[i] - end);
      number = numbers[i];
      end = ends[i];
    }
  }

  static PermitRow readFrom(PackedReader in) {
    int size = (int) in.next();
    PermitRow row = new PermitRow(size + 8);
    long number = 0;
    long end = 0;
    for (int i = 0; i < size; i++) {
      number += in.next();
      end += in.next();
      row.add(number, end);
    }
    return row;
  }
}
