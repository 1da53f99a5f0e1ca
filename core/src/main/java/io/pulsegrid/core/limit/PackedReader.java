package io.pulsegrid.core.limit;

import java.nio.charset.StandardCharsets;

/** What a {@link PackedWriter} wrote, read from the front. */
final class PackedReader {
  private final byte[] bytes;
  private int at;

  PackedReader(byte[] bytes) {
    this.bytes = bytes;
  }

  String nextText() {
    int length = Math.toIntExact(next());
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  long next() {
    long value = nextNatural();
    return (value >>> 1) ^ -(value & 1);
  }

  long nextNatural() {
    // Most take a single byte.
    byte part = bytes[at++];
    long value = part & 0x7F;
    for (int shift = 7; part < 0; shift += 7) {
      part = bytes[at++];
      value |= (long) (part & 0x7F) << shift;
    }
    return value;
  }
}
