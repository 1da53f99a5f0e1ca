package io.pulsegrid.core.limit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing row of longs in as few bytes as each takes: small ones, of either sign, take one. And
 * of texts.
 */
final class PackedWriter {
  private static final int MOST_BYTES = 10;

  private byte[] bytes = new byte[256];
  private int size;

  void add(long value) {
    addNatural((value << 1) ^ (value >> 63));
  }

  /** One that is not negative, in which a byte holds twice as much. */
  void addNatural(long value) {
    if (size + MOST_BYTES > bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** In UTF-8, its length before it. */
  void add(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    add(utf8.length);
    if (size + utf8.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2 + utf8.length);
    }
    System.arraycopy(utf8, 0, bytes, size, utf8.length);
    size += utf8.length;
  }

  /** What was written, with zeros behind it up to the next multiple of {@code grain} bytes. */
  byte[] toArray(int grain) {
    return Arrays.copyOf(bytes, (size + grain - 1) / grain * grain);
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }
}
