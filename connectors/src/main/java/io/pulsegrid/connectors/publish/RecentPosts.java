package io.pulsegrid.connectors.publish;

import io.pulsegrid.core.publish.Publisher.Probe;
import java.io.IOException;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a post among an account's latest: one that is the same, not older than our first call
 * by the platform's own clock, and nobody else's.
 */
final class RecentPosts {
  // The Date header has whole seconds, and the answer was under way for a moment.
  private static final Duration CLOCK_GRAIN = Duration.ofSeconds(2);

  /** Fewer posts than any platform's list ends at by itself, whatever is behind it. */
  private static final int MOST_PAGES = 5;

  /**
   * Where what is not there is sent again: a thousand posts, as many as a channel with a backlog
   * sends between two tries.
   */
  private static final int MOST_PAGES_WITH_KEY = 25;

  private static final Pattern UNSEEN = Pattern.compile("[\\s\\p{Z}\\p{Cf}]+");
  // Some write the offset as +0000.
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX]")
          .toFormatter();

  private final Exchange exchange;
  private final Instant firstCallAt;
  private final Set<String> claimed;

  RecentPosts(Exchange exchange, Instant firstCallAt, Set<String> claimed) {
    this.exchange = exchange;
    this.firstCallAt = firstCallAt;
    this.claimed = claimed;
  }

  /** A post as the platform lists it. */
  record Seen(String id, @Nullable String url, Instant at, String text) {
    Seen {
      if (Exchange.keptId(id).isEmpty()) {
        throw new IllegalArgumentException("an id that cannot be kept");
      }
    }
  }

  /**
   * Some posts, newest first.
   *
   * @param next where older ones are; null where there are none
   */
  record Page(List<Seen> posts, @Nullable String next) {}

  /** Gets the posts of the account, newest first. */
  @FunctionalInterface
  interface Pages {
    /**
     * A page.
     *
     * @param from null for the newest, else what the page before it gave as next
     */
    Page get(@Nullable String from) throws Ended, IOException, InterruptedException;
  }

  /**
   * The answer to a probe.
   *
   * @param keyEnforcedUntil told with a post that is not there
   */
  Probe find(Pages pages, Predicate<Seen> same, @Nullable Instant keyEnforcedUntil)
      throws Ended, IOException, InterruptedException {
    return find(pages, same, _ -> false, keyEnforcedUntil);
  }

  /**
   * The same on a platform without keys, which may have changed what it took.
   *
   * @param like what may be ours: while such a post is there, nobody knows whether ours is
   */
  Probe findSurely(Pages pages, Predicate<Seen> same, Predicate<Seen> like)
      throws Ended, IOException, InterruptedException {
    return find(pages, same, like, null);
  }

  private Probe find(
      Pages pages, Predicate<Seen> same, Predicate<Seen> like, @Nullable Instant keyEnforcedUntil)
      throws Ended, IOException, InterruptedException {
    @Nullable Seen found = null;
    @Nullable Seen alike = null;
    @Nullable String from = null;
    int most = keyEnforcedUntil == null ? MOST_PAGES : MOST_PAGES_WITH_KEY;
    // Once it is found, the pages behind only tell whether an older one is more likely ours.
    for (int i = 0; i < (found == null ? most : MOST_PAGES); i++) {
      Page page = pages.get(from);
      Instant floor = firstCallAt.plus(exchange.serverAhead()).minus(CLOCK_GRAIN);
      from = page.next();
      boolean reachedFloor = from == null;
      for (Seen post : page.posts()) {
        if (post.at().isBefore(floor)) {
          reachedFloor = true;
        } else if (!claimed.contains(post.id()) && same.test(post)) {
          // Newest first: the earliest one is most likely ours.
          found = post;
        } else if (!claimed.contains(post.id()) && like.test(post)) {
          alike = post;
        }
      }
      if (reachedFloor) {
        return answer(found, alike, keyEnforcedUntil);
      }
    }
    return found == null
        ? new Probe.Unknown("too many posts since the call")
        : new Probe.Found(found.id(), found.url());
  }

  private static Probe answer(
      @Nullable Seen found, @Nullable Seen alike, @Nullable Instant keyEnforcedUntil) {
    if (found != null) {
      return new Probe.Found(found.id(), found.url());
    }
    return alike == null
        ? new Probe.NotFound(keyEnforcedUntil)
        : new Probe.Unknown(alike.id() + " is like it and may be another post");
  }

  Instant firstCallAt() {
    return firstCallAt;
  }

  boolean isClaimed(String id) {
    return claimed.contains(id);
  }

  /** Until when a platform enforces a key that it remembers so long; null once that is over. */
  @Nullable Instant enforced(Duration memory) {
    Instant until = firstCallAt.plus(memory);
    return until.isAfter(exchange.now()) ? until : null;
  }

  /** What two texts have in common that a platform laid out in its own way. */
  static String comparable(String text) {
    return UNSEEN.matcher(Normalizer.normalize(text, Normalizer.Form.NFC)).replaceAll("");
  }

  /** A time in ISO-8601 with an offset. */
  static Instant time(String text) throws Unusable {
    try {
      return OffsetDateTime.parse(text, TIME).toInstant();
    } catch (DateTimeException e) {
      throw new Unusable("a post without a time");
    }
  }

  static String id(String id) throws Unusable {
    return Exchange.keptId(id).orElseThrow(() -> new Unusable("a post without id"));
  }
}
