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
    long value = 0;
    int shift = 0;
    byte part;
    do {
      part = bytes[at++];
      value |= (long) (part & 0x7F) << shift;
      shift += 7;
    } while (part < 0);
    return (value >>> 1) ^ -(value & 1);
  }
}
