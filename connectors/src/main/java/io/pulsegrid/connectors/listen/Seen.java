package io.pulsegrid.connectors.listen;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a source has taken, as its cursor keeps it: {@code 1}, whether something older is still to
 * be read, the newest post's time, and 48 bits of the digest of each id, the latest last, at most
 * {@value #MOST}. One that dropped out and comes back is taken once more, which changes nothing.
 */
final class Seen {
  static final int MOST = 1_000;
  private static final String FORM = "1";
  private static final int RADIX = 36;
  private static final int PARTS = 4;

  private final Set<Long> ids;
  private final boolean behind;
  private @Nullable Instant newest;

  private Seen(Set<Long> ids, boolean behind, @Nullable Instant newest) {
    this.ids = ids;
    this.behind = behind;
    this.newest = newest;
  }

  /** Reads a cursor; one that cannot be read counts as none, which costs calls, not posts. */
  static Seen of(@Nullable String cursor) {
    Set<Long> ids = new LinkedHashSet<>();
    String[] parts = cursor == null ? new String[0] : cursor.split(":", -1);
    if (parts.length != PARTS || !parts[0].equals(FORM)) {
      return new Seen(ids, false, null);
    }
    try {
      for (String id : parts[3].isEmpty() ? new String[0] : parts[3].split(",", -1)) {
        ids.add(Long.parseLong(id, RADIX));
      }
      @Nullable Instant newest =
          parts[2].isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(parts[2], RADIX));
      return new Seen(ids, parts[1].equals("+"), newest);
    } catch (NumberFormatException foreign) {
      return new Seen(new LinkedHashSet<>(), false, null);
    }
  }

  /** Whether nothing was ever taken. */
  boolean isEmpty() {
    return ids.isEmpty();
  }

  /** Whether the last visit broke off with something older still unread. */
  boolean behind() {
    return behind;
  }

  /** The time of the newest post taken; null before the first. */
  @Nullable Instant newest() {
    return newest;
  }

  /** Whether an entry was taken before. */
  boolean knows(String id) {
    return ids.contains(digest(id));
  }

  /** Remembers an entry as the latest; whether it is a new one. */
  boolean add(String id) {
    long digest = digest(id);
    boolean fresh = !ids.remove(digest);
    ids.add(digest);
    return fresh;
  }

  /** A post of that time was taken; times after {@code now} are not believed. */
  void took(@Nullable Instant at, Instant now) {
    if (at != null && !at.isAfter(now) && (newest == null || at.isAfter(newest))) {
      newest = at;
    }
  }

  /**
   * The cursor after a visit.
   *
   * @param brokeOff whether something older is still unread
   */
  String cursor(boolean brokeOff) {
    List<Long> all = new ArrayList<>(ids);
    List<String> kept =
        all.subList(Math.max(0, all.size() - MOST), all.size()).stream()
            .map(id -> Long.toString(id, RADIX))
            .toList();
    String time = newest == null ? "" : Long.toString(newest.toEpochMilli(), RADIX);
    return String.join(":", FORM, brokeOff ? "+" : "", time, String.join(",", kept));
  }

  private static long digest(String id) {
    try {
      byte[] sha = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(sha).getLong() >>> 16;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
