package io.pulsegrid.core.limit;

import java.util.Arrays;

/** A growing row of longs in as few bytes as each takes: small ones, of either sign, take one. */
final class PackedWriter {
  private static final int MOST_BYTES = 10;

  private byte[] bytes = new byte[256];
  private int size;

  void add(long value) {
    if (size + MOST_BYTES > bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }
}
