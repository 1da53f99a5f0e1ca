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
 * there with the pages that are left to them, until {@value #PAGES_PAST} pages past what was known
 * before show nothing of it, the list ends, or {@value #MOST_VISITS} visits have not sufficed.
 */
final class Listing {
  static final int MOST_PAGES = 5;

  /** Of pages past what is known: none of those read yet had anything known. */
  static final int NOT_THERE = -1;

  /**
   * Not every list is in the order of time: what is new may stand among and behind what is known.
   */
  private static final int PAGES_PAST = 3;

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
   * @param pagesPast as in {@link Gap}
   */
  private record Walk(int pages, @Nullable URI rest, int pagesPast) {}

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
    Page page = pages.read(visit.good(newest), first);
    Walk walk =
        new Following(pages, true, seen::knewBefore).from(first, page, MOST_PAGES, NOT_THERE);
    if (walk.rest() != null) {
      open = seen.openedAt(walk.rest(), walk.pagesPast());
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
        return anew(open, first);
      }
      Page page = pages.read(visit.good(heard), open.page());
      if (page.entries().isEmpty() && page.next() == null) {
        return anew(open, first);
      }
      Walk walk =
          new Following(pages, false, open::knew).from(open.page(), page, most, open.pagesPast());
      return walk.rest() == null
          ? null
          : new Gap(walk.rest(), open.before(), open.visits(), walk.pagesPast());
    } catch (Stopped notNow) {
      // What is new was read; this is tried again.
      return open;
    }
  }

  /** Platforms keep a place for a while only: once more from the top, past what is known. */
  private static Gap anew(Gap open, URI first) {
    return new Gap(first, open.before(), open.visits() + BEGUN_ANEW, NOT_THERE);
  }

  /** Reads pages on as long as they show that there is more. */
  private final class Following {
    private final Pages pages;
    private final boolean latest;
    private final Predicate<String> known;

    /**
     * @param latest whether it begins with the first page of all
     * @param known whether an entry is of what was known
     */
    Following(Pages pages, boolean latest, Predicate<String> known) {
      this.pages = pages;
      this.latest = latest;
      this.known = known;
    }

    Walk from(URI start, Page first, int most, int pagesPastBefore) {
      URI at = start;
      Page page = first;
      int pagesPast = pagesPastBefore;
      for (int read = 1; ; read++) {
        Taken taken = take(page.entries(), latest, known);
        @Nullable URI next = page.next();
        if (!taken.whole()) {
          // The first page is read again in any case.
          return new Walk(read, latest && read == 1 ? null : at, pagesPast);
        }
        pagesPast = taken.anythingOld() ? 0 : pagesPast == NOT_THERE ? NOT_THERE : pagesPast + 1;
        boolean more = pagesPast < PAGES_PAST;
        boolean goesOn = latest ? taken.anythingNew() && !seen.isEmpty() : more;
        if (next == null || next.equals(at) || !goesOn) {
          return new Walk(read, null, pagesPast);
        }
        @Nullable URI rest = more ? next : null;
        if (read == most) {
          return new Walk(read, rest, pagesPast);
        }
        try {
          page = pages.read(visit.good(pages.ask(next, Map.of())), next);
          at = next;
        } catch (Stopped notNow) {
          return new Walk(most, rest, pagesPast);
        }
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
