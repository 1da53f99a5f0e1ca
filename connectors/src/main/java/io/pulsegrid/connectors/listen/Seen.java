package io.pulsegrid.connectors.listen;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a source has taken, as its cursor keeps it: {@code 2}, the newest post's time, and 48 bits
 * of the digest of each id, the newest last, at most {@value #MOST}; then what is open, if anything
 * is: the visits it has been open for, the pages since anything known, ids from before it, and the
 * page where it goes on. An id that dropped out and comes back is taken once more, which changes
 * nothing.
 */
final class Seen {
  static final int MOST = 1_000;
  private static final int MOST_BEFORE = 200;
  private static final int LONGEST_PAGE = 2_048;
  private static final String FORM = "2";
  private static final int RADIX = 36;
  private static final int PARTS = 7;
  private static final String NOTHING_OPEN = ":::";

  private final Set<Long> known;

  /** What this visit found from the first page on, and deeper in the list; in the list's order. */
  private final Set<Long> latest = new LinkedHashSet<>();

  private final Set<Long> deeper = new LinkedHashSet<>();
  private final @Nullable Gap gap;
  private @Nullable Instant newest;

  /**
   * What lies between the pages that were read and what was known before them.
   *
   * @param page where it goes on
   * @param before ids that were known before it
   * @param visits how many have left it open
   * @param pagesPast how many pages without any of these ids lie between the last that had one and
   *     this page; {@link Listing#NOT_THERE} where none had
   */
  record Gap(URI page, Set<Long> before, int visits, int pagesPast) {
    /** Whether an entry was taken before this was open. */
    boolean knew(String id) {
      return before.contains(digest(id));
    }

    private boolean isTooLong() {
      return page.toString().length() > LONGEST_PAGE;
    }

    private String written() {
      return String.join(
          ":",
          Integer.toString(visits + 1, RADIX),
          Integer.toString(pagesPast, RADIX),
          Seen.written(before),
          page.toString());
    }
  }

  private Seen(Set<Long> known, @Nullable Gap gap, @Nullable Instant newest) {
    this.known = known;
    this.gap = gap;
    this.newest = newest;
  }

  /** Reads a cursor; one that cannot be read counts as none, as before the first visit. */
  static Seen of(@Nullable String cursor) {
    String[] parts = cursor == null ? new String[0] : cursor.split(":", PARTS);
    if (parts.length == PARTS && parts[0].equals(FORM)) {
      try {
        return new Seen(
            read(parts[2]),
            parts[6].isEmpty()
                ? null
                : new Gap(
                    URI.create(parts[6]),
                    read(parts[5]),
                    Integer.parseInt(parts[3], RADIX),
                    Integer.parseInt(parts[4], RADIX)),
            parts[1].isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(parts[1], RADIX)));
      } catch (IllegalArgumentException foreign) {
        // A number or an address that is none.
      }
    }
    return new Seen(new LinkedHashSet<>(), null, null);
  }

  private static Set<Long> read(String list) {
    Set<Long> ids = new LinkedHashSet<>();
    for (String id : list.isEmpty() ? new String[0] : list.split(",", -1)) {
      ids.add(Long.parseLong(id, RADIX));
    }
    return ids;
  }

  /** Whether nothing had been taken before this visit. */
  boolean isEmpty() {
    return known.isEmpty();
  }

  /** What earlier visits left open; null where they came to what was known. */
  @Nullable Gap gap() {
    return gap;
  }

  /** The time of the newest post taken; null before the first. */
  @Nullable Instant newest() {
    return newest;
  }

  /** Whether an entry was taken, in this visit or before. */
  boolean knows(String id) {
    long digest = digest(id);
    return known.contains(digest) || latest.contains(digest) || deeper.contains(digest);
  }

  /** Whether an entry was taken before this visit. */
  boolean knewBefore(String id) {
    return known.contains(digest(id));
  }

  /**
   * Remembers an entry, in the order of the list.
   *
   * @param first whether it was found from the first page on: what lies deeper is forgotten before
   */
  void add(String id, boolean first) {
    (first ? latest : deeper).add(digest(id));
  }

  /** A post of that time was taken; times after {@code now} are not believed. */
  void took(@Nullable Instant at, Instant now) {
    if (at != null && !at.isAfter(now) && (newest == null || at.isAfter(newest))) {
      newest = at;
    }
  }

  /** What is open after a visit that ended before it came to what was known. */
  Gap openedAt(URI page, int pagesPast) {
    return gap == null
        ? new Gap(page, last(known, MOST_BEFORE), 0, pagesPast)
        : new Gap(page, gap.before(), 0, Listing.NOT_THERE);
  }

  /**
   * The cursor after a visit.
   *
   * @param open what it leaves open; one whose page is too long to keep is given up
   */
  String cursor(@Nullable Gap open) {
    Set<Long> ids = new LinkedHashSet<>(new ArrayList<>(deeper).reversed());
    ids.addAll(known);
    ids.removeAll(latest);
    ids.addAll(new ArrayList<>(latest).reversed());
    return String.join(
        ":",
        FORM,
        newest == null ? "" : Long.toString(newest.toEpochMilli(), RADIX),
        written(last(ids, MOST)),
        open == null || open.isTooLong() ? NOTHING_OPEN : open.written());
  }

  private static Set<Long> last(Set<Long> ids, int most) {
    List<Long> all = new ArrayList<>(ids);
    return new LinkedHashSet<>(all.subList(Math.max(0, all.size() - most), all.size()));
  }

  private static String written(Collection<Long> ids) {
    return ids.stream().map(id -> Long.toString(id, RADIX)).collect(Collectors.joining(","));
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
