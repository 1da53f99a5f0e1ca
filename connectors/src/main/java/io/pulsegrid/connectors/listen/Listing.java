package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.http.Heard;
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
import org.jspecify.annotations.Nullable;

/**
 * A list that is read page by page, the newest first, until a page brings nothing new, or {@value
 * #MOST_PAGES} were read; the first visit reads one. A visit that ends before it came to what was
 * known, because there is more or somebody stopped it, keeps what it has, and the next one goes on
 * at the page where it ended: nothing that the platform lists is passed over.
 */
final class Listing {
  static final int MOST_PAGES = 5;

  /** How platforms answer to a page that is none, or no longer. */
  private static final Set<Integer> BEYOND_THE_END = Set.of(400, 404, 410, 422);

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
   * @param anythingOld whether there was one that had been taken before this visit, and before
   *     those that it goes on with
   */
  private record Taken(boolean anythingNew, boolean anythingOld) {}

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

  /** Reads what is new: from {@code first} on, or what an earlier visit left unread. */
  Result read(URI first, Pages pages) throws Stopped {
    @Nullable URI rest = seen.rest();
    if (rest != null && isOf(first, rest)) {
      Heard heard = pages.ask(rest, Map.of());
      // A platform lists so much and no more, and keeps its places for a while: then this is all.
      if (!BEYOND_THE_END.contains(heard.status())) {
        return collected(null, follow(rest, heard, pages, false));
      }
    }
    Heard heard = pages.ask(first, known());
    return heard.status() == 304
        ? new Result.NotModified()
        : collected(heard, follow(first, heard, pages, true));
  }

  /** A source may have been given another address since. */
  private static boolean isOf(URI first, URI rest) {
    return Objects.equals(first.getScheme(), rest.getScheme())
        && Objects.equals(first.getRawAuthority(), rest.getRawAuthority())
        && Objects.equals(first.getRawPath(), rest.getRawPath());
  }

  /**
   * Reads pages on as long as they show that there is more; where the next visit is to go on.
   *
   * @param latest whether it begins with the first page of all
   * @throws Stopped if not even the first of them can be read
   */
  private @Nullable URI follow(URI from, Heard heard, Pages pages, boolean latest) throws Stopped {
    boolean firstVisit = seen.isEmpty();
    boolean arrived = false;
    Page page = pages.read(visit.good(heard), from);
    for (int read = 1; ; read++) {
      Taken taken = take(page.entries(), latest);
      @Nullable URI next = page.next();
      arrived |= taken.anythingOld();
      // Not every list is in the order of time: what is new may stand behind what is known.
      boolean more = latest ? taken.anythingNew() && !firstVisit : !arrived;
      if (next == null || !more) {
        return null;
      }
      if (read == MOST_PAGES) {
        return arrived ? null : next;
      }
      try {
        page = pages.read(visit.good(pages.ask(next, Map.of())), next);
      } catch (Stopped notNow) {
        return arrived ? null : next;
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

  private Taken take(List<Entry> entries, boolean latest) {
    boolean anythingNew = false;
    boolean anythingOld = false;
    // Backwards, so that the newest are remembered the longest.
    for (Entry entry : entries.reversed()) {
      anythingOld |= seen.knewBefore(entry.id());
      boolean fresh = !seen.knows(entry.id());
      anythingNew |= fresh;
      switch (entry) {
        case Entry.Usable(IncomingPost post, boolean whole) when fresh -> {
          posts.add(post);
          if (whole) {
            seen.took(post.publishedAt(), visit.now());
          }
        }
        case Entry.Useless useless when fresh -> rejected.add(useless.reason());
        case Entry.Usable _, Entry.Useless _ -> {}
      }
      if (isWhole(entry)) {
        seen.add(entry.id(), latest);
      }
    }
    return new Taken(anythingNew, anythingOld);
  }

  private static boolean isWhole(Entry entry) {
    return !(entry instanceof Entry.Usable(_, boolean whole)) || whole;
  }

  /**
   * What was collected.
   *
   * @param newest the first page of all, whose next version is to be asked for; null where it was
   *     not read. With something unread it must be read again: no ETag then.
   */
  private Result collected(@Nullable Heard newest, @Nullable URI rest) {
    posts.sort(Posts.OLDEST_FIRST);
    @Nullable Heard known = rest == null ? newest : null;
    Source.Position next =
        new Source.Position(
            seen.cursor(rest),
            known == null ? null : known.header("ETag").orElse(null),
            known == null ? null : known.header("Last-Modified").orElse(null));
    return new Result.Collected(posts, next, rejected, null);
  }
}
