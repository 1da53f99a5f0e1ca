package io.pulsegrid.connectors.publish;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * A Bluesky record key (a TID: microseconds and a clock's id in 13 letters) that always follows
 * from the same idempotency key. It tells the time of a time-ordered key; what is finer than its
 * milliseconds is drawn from a hash.
 */
final class RecordKey {
  private static final String LETTERS = "234567abcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 13;
  private static final int TIME_ORDERED = 7;

  private RecordKey() {}

  static String of(String idempotencyKey) {
    long number = number(idempotencyKey);
    StringBuilder key = new StringBuilder(LENGTH);
    for (int shift = (LENGTH - 1) * 5; shift >= 0; shift -= 5) {
      key.append(LETTERS.charAt((int) (number >>> shift) & 31));
    }
    return key.toString();
  }

  private static long number(String idempotencyKey) {
    long hash = hash(idempotencyKey);
    try {
      UUID uuid = UUID.fromString(idempotencyKey);
      if (uuid.version() == TIME_ORDERED) {
        long micros =
            (uuid.getMostSignificantBits() >>> 16) * 1_000 + Long.remainderUnsigned(hash, 1_000);
        return (micros << 10) | (hash >>> 54);
      }
    } catch (IllegalArgumentException noUuid) {
      // Any other key is as good, but tells no time.
    }
    return hash >>> 1;
  }

  private static long hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
