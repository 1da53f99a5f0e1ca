package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.listen.Seen.Gap;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.source.Collector.Result;
import io.pulsegrid.core.source.Source;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A list that is read page by page, the newest first, until a page brings nothing new, {@value
 * #MOST_PAGES} a visit at the most; the first visit reads one. What a visit leaves unread, because
 * there was more or somebody stopped it, stays open: later visits read the newest first and go on
 * there with the pages that are left to them, until they come to what was known before, the list
 * ends, or {@value #MOST_VISITS} visits have not sufficed.
 */
final class Listing {
  static final int MOST_PAGES = 5;
  private static final int MOST_VISITS = 100;

  /** What beginning anew costs of the visits: a list that always refuses is soon given up. */
  private static final int BEGUN_ANEW = 25;

  /** How platforms answer to a page that is none, or no longer. */
  private static final Set<Integer> NO_SUCH_PAGE = Set.of(400, 404, 410, 422);

  private final Visit visit;
  private final Seen seen;
  private final Source.Position from;
  private final List<IncomingPost> posts = new ArrayList<>();
  private final List<String> rejected = new ArrayList<>();

  /**
   * A page.
   *
   * @param next where the next older one is; null for the last
   */
  record Page(List<Entry> entries, @Nullable URI next) {}

  /**
   * What a page held.
   *
   * @param anythingNew whether there was an entry that was not taken before
   * @param anythingOld whether there was one that tells that what was known is reached
   * @param whole whether all is known of each
   */
  private record Taken(boolean anythingNew, boolean anythingOld, boolean whole) {}

  /**
   * Pages that were read.
   *
   * @param rest where there may be more; null where there is none
   */
  private record Walk(int pages, @Nullable URI rest) {}

  /** How pages are had. */
  interface Pages {
    /** Asks for a page; {@code headers} tell what is known of it already. */
    Heard ask(URI url, Map<String, String> headers) throws Stopped;

    /** What a page holds that was asked at {@code url}. */
    Page read(Heard heard, URI url) throws Stopped;
  }

  Listing(Visit visit, Source.Position from) {
    this.visit = visit;
    this.from = from;
    this.seen = Seen.of(from.cursor());
  }

  Seen seen() {
    return seen;
  }

  /** Reads what is new from {@code first} on, and then what earlier visits left open. */
  Result read(URI first, Pages pages) throws Stopped {
    @Nullable Gap open = seen.gap();
    open = open != null && isOf(first, open.page()) ? open : null;
    Heard newest = pages.ask(first, known());
    if (newest.status() == 304) {
      return open == null
          ? new Result.NotModified()
          : collected(from.etag(), from.lastModified(), further(open, first, pages, MOST_PAGES));
    }
    Walk walk = follow(first, newest, pages, MOST_PAGES, true, seen::knewBefore);
    if (walk.rest() != null) {
      open = seen.openedAt(walk.rest());
    } else if (open != null) {
      open = further(open, first, pages, MOST_PAGES - walk.pages());
    }
    return collected(
        newest.header("ETag").orElse(null), newest.header("Last-Modified").orElse(null), open);
  }

  /** A source may have been given another address since. */
  private static boolean isOf(URI first, URI page) {
    return Objects.equals(first.getScheme(), page.getScheme())
        && Objects.equals(first.getRawAuthority(), page.getRawAuthority())
        && Objects.equals(first.getRawPath(), page.getRawPath());
  }

  /** Goes on with what is open, as far as a few pages lead; what is open then. */
  private @Nullable Gap further(Gap open, URI first, Pages pages, int most) {
    if (open.visits() >= MOST_VISITS) {
      return null;
    }
    if (most == 0) {
      return open;
    }
    try {
      Heard heard = pages.ask(open.page(), Map.of());
      if (NO_SUCH_PAGE.contains(heard.status())) {
        // Platforms keep a place for a while only: once more from the top, past what is known.
        return new Gap(first, open.before(), open.visits() + BEGUN_ANEW);
      }
      Walk walk = follow(open.page(), heard, pages, most, false, open::ends);
      return walk.rest() == null ? null : new Gap(walk.rest(), open.before(), open.visits());
    } catch (Stopped notNow) {
      // What is new was read; this is tried again.
      return open;
    }
  }

  /**
   * Reads pages on as long as they show that there is more.
   *
   * @param latest whether it begins with the first page of all
   * @param old whether an entry tells that what was known is reached
   * @throws Stopped if not even the first of them can be read
   */
  private Walk follow(
      URI from, Heard heard, Pages pages, int most, boolean latest, Predicate<String> old)
      throws Stopped {
    URI at = from;
    Page page = pages.read(visit.good(heard), at);
    boolean arrived = false;
    for (int read = 1; ; read++) {
      Taken taken = take(page.entries(), latest, old);
      @Nullable URI next = page.next();
      if (!taken.whole()) {
        // The first page is read again in any case.
        return new Walk(read, latest && read == 1 ? null : at);
      }
      arrived |= taken.anythingOld();
      // Not every list is in the order of time: what is new may stand among what is known.
      boolean more = !arrived || (taken.anythingOld() && taken.anythingNew());
      boolean goesOn = latest ? taken.anythingNew() && !seen.isEmpty() : more;
      if (next == null || next.equals(at) || !goesOn) {
        return new Walk(read, null);
      }
      @Nullable URI rest = more ? next : null;
      if (read == most) {
        return new Walk(read, rest);
      }
      try {
        page = pages.read(visit.good(pages.ask(next, Map.of())), next);
        at = next;
      } catch (Stopped notNow) {
        return new Walk(most, rest);
      }
    }
  }

  private Map<String, String> known() {
    Map<String, String> headers = new HashMap<>();
    if (from.etag() != null) {
      headers.put("If-None-Match", from.etag());
    }
    if (from.lastModified() != null) {
      headers.put("If-Modified-Since", from.lastModified());
    }
    return headers;
  }

  private Taken take(List<Entry> entries, boolean latest, Predicate<String> old) {
    boolean anythingNew = false;
    boolean anythingOld = false;
    boolean allWhole = true;
    for (Entry entry : entries) {
      boolean fresh = !seen.knows(entry.id());
      anythingOld |= old.test(entry.id());
      anythingNew |= fresh;
      boolean whole = true;
      switch (entry) {
        case Entry.Usable(IncomingPost post, boolean isWhole) when fresh -> {
          posts.add(post);
          whole = isWhole;
          if (whole) {
            seen.took(post.publishedAt(), visit.now());
          }
        }
        case Entry.Useless useless when fresh -> rejected.add(useless.reason());
        case Entry.Usable _, Entry.Useless _ -> {}
      }
      allWhole &= whole;
      if (whole) {
        seen.add(entry.id(), latest);
      }
    }
    return new Taken(anythingNew, anythingOld, allWhole);
  }

  private Result collected(
      @Nullable String etag, @Nullable String lastModified, @Nullable Gap open) {
    posts.sort(Posts.OLDEST_FIRST);
    return new Result.Collected(
        posts, new Source.Position(seen.cursor(open), etag, lastModified), rejected, null);
  }
}
