package io.pulsegrid.compute.embedding;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A protobuf message as the list of its fields, for an edit that leaves most of them as they are.
 */
final class WireMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final List<Field> fields = new ArrayList<>();

  /** A field, as a stretch of the bytes that it was read from or made of. */
  record Field(int number, Stretch whole, Stretch value) {
    String text() {
      return new String(value.bytes, value.from, value.to - value.from, StandardCharsets.UTF_8);
    }

    WireMessage message() {
      return parse(value);
    }
  }

  /** Some bytes of an array, which is shared and never changed. */
  static final class Stretch {
    private final byte[] bytes;
    private final int from;
    private final int to;

    private Stretch(byte[] bytes, int from, int to) {
      this.bytes = bytes;
      this.from = from;
      this.to = to;
    }
  }

  static WireMessage parse(byte[] bytes) {
    return parse(new Stretch(bytes, 0, bytes.length));
  }

  private static WireMessage parse(Stretch in) {
    WireMessage message = new WireMessage();
    Reader reader = new Reader(in);
    while (reader.at < in.to) {
      int start = reader.at;
      long tag = reader.varint();
      int from = reader.at;
      switch ((int) (tag & 7)) {
        case VARINT -> {
          long _ = reader.varint();
        }
        case FIXED64 -> reader.at += 8;
        case FIXED32 -> reader.at += 4;
        case LENGTH -> {
          long length = reader.varint();
          from = reader.at;
          reader.at += Math.toIntExact(length);
        }
        default -> throw new IllegalArgumentException("not a protobuf field: tag " + tag);
      }
      if (reader.at > in.to) {
        throw new IllegalArgumentException("a protobuf field must end within its message");
      }
      message.fields.add(
          new Field(
              (int) (tag >>> 3),
              new Stretch(in.bytes, start, reader.at),
              new Stretch(in.bytes, from, reader.at)));
    }
    return message;
  }

  private static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(Stretch in) {
      bytes = in.bytes;
      at = in.from;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        byte next = bytes[at++];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IllegalArgumentException("a protobuf number must end within ten bytes");
    }
  }

  List<Field> fields() {
    return fields;
  }

  /** The texts of all fields with a number. */
  List<String> texts(int number) {
    return fields.stream().filter(f -> f.number() == number).map(Field::text).toList();
  }

  /** The text of the first field with a number; empty where there is none. */
  String text(int number) {
    return texts(number).stream().findFirst().orElse("");
  }

  WireMessage without(int number) {
    WireMessage rest = new WireMessage();
    fields.stream().filter(f -> f.number() != number).forEach(rest.fields::add);
    return rest;
  }

  void add(Field field) {
    fields.add(field);
  }

  void add(int number, String text) {
    add(number, text.getBytes(StandardCharsets.UTF_8));
  }

  void add(int number, WireMessage message) {
    add(number, message.bytes());
  }

  void add(int number, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(value.length + 10);
    varint(out, ((long) number << 3) | LENGTH);
    varint(out, value.length);
    int from = out.size();
    out.writeBytes(value);
    byte[] bytes = out.toByteArray();
    fields.add(
        new Field(
            number, new Stretch(bytes, 0, bytes.length), new Stretch(bytes, from, bytes.length)));
  }

  void add(int number, long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(12);
    varint(out, ((long) number << 3) | VARINT);
    varint(out, value);
    byte[] bytes = out.toByteArray();
    Stretch all = new Stretch(bytes, 0, bytes.length);
    fields.add(new Field(number, all, all));
  }

  byte[] bytes() {
    int size = 0;
    for (Field field : fields) {
      size += field.whole().to - field.whole().from;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(size);
    for (Field field : fields) {
      Stretch whole = field.whole();
      out.write(whole.bytes, whole.from, whole.to - whole.from);
    }
    return out.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
