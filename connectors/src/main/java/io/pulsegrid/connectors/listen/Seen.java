package io.pulsegrid.connectors.listen;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a source has taken, as its cursor keeps it: {@code 2}, the newest post's time, 48 bits of
 * the digest of each id, those listed first last, at most {@value #MOST}; and where a visit ended
 * before it came to what was known, those of the ids from before, at most {@value #MOST_BEFORE},
 * and the page where it is to go on. An id that dropped out and comes back is taken once more,
 * which changes nothing.
 */
final class Seen {
  static final int MOST = 1_000;
  static final int MOST_BEFORE = 200;
  private static final String FORM = "2";
  private static final int RADIX = 36;
  private static final int PARTS = 5;

  private final Set<Long> ids;

  /** Those known before the visit that did not come to them; before this one where each did. */
  private final Set<Long> before;

  /** Those that this visit found deeper in the list. */
  private final Set<Long> older = new LinkedHashSet<>();

  private final @Nullable URI rest;
  private @Nullable Instant newest;

  private Seen(Set<Long> ids, Set<Long> before, @Nullable URI rest, @Nullable Instant newest) {
    this.ids = ids;
    this.before = rest == null ? new LinkedHashSet<>(ids) : before;
    this.rest = rest;
    this.newest = newest;
  }

  /** Reads a cursor; one that cannot be read counts as none, which costs calls, not posts. */
  static Seen of(@Nullable String cursor) {
    String[] parts = cursor == null ? new String[0] : cursor.split(":", PARTS);
    if (parts.length == PARTS && parts[0].equals(FORM)) {
      try {
        return new Seen(
            read(parts[2]),
            read(parts[3]),
            parts[4].isEmpty() ? null : URI.create(parts[4]),
            parts[1].isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(parts[1], RADIX)));
      } catch (IllegalArgumentException foreign) {
        // A number or an address that is none.
      }
    }
    return new Seen(new LinkedHashSet<>(), new LinkedHashSet<>(), null, null);
  }

  private static Set<Long> read(String list) {
    Set<Long> ids = new LinkedHashSet<>();
    for (String id : list.isEmpty() ? new String[0] : list.split(",", -1)) {
      ids.add(Long.parseLong(id, RADIX));
    }
    return ids;
  }

  /** Whether nothing was ever taken. */
  boolean isEmpty() {
    return ids.isEmpty();
  }

  /** The page where the last visit ended before it came to what was known; else null. */
  @Nullable URI rest() {
    return rest;
  }

  /** The time of the newest post taken; null before the first. */
  @Nullable Instant newest() {
    return newest;
  }

  /** Whether an entry was taken before. */
  boolean knows(String id) {
    long digest = digest(id);
    return ids.contains(digest) || older.contains(digest);
  }

  /** Whether an entry was taken before this visit, and before all that are still to be ended. */
  boolean knewBefore(String id) {
    return before.contains(digest(id));
  }

  /**
   * Remembers an entry.
   *
   * @param latest whether it is among the newest that the platform lists: those it lists deeper are
   *     forgotten before them
   */
  void add(String id, boolean latest) {
    long digest = digest(id);
    if (latest) {
      ids.remove(digest);
      ids.add(digest);
    } else if (!ids.contains(digest)) {
      older.add(digest);
    }
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
   * @param page where the next one goes on; null where this one came to what was known
   */
  String cursor(@Nullable URI page) {
    return String.join(
        ":",
        FORM,
        newest == null ? "" : Long.toString(newest.toEpochMilli(), RADIX),
        written(Stream.concat(older.stream(), ids.stream()).distinct().toList(), MOST),
        page == null ? "" : written(List.copyOf(before), MOST_BEFORE),
        page == null ? "" : page.toString());
  }

  private static String written(List<Long> all, int most) {
    return all.subList(Math.max(0, all.size() - most), all.size()).stream()
        .map(id -> Long.toString(id, RADIX))
        .collect(Collectors.joining(","));
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
