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
import org.jspecify.annotations.Nullable;

/**
 * A list that is read page by page, the newest first, until a page brings nothing new, or {@value
 * #MOST_PAGES} were read; the first visit reads one. A visit that breaks off keeps what it has; the
 * next one reads beyond what is known already.
 */
final class Listing {
  static final int MOST_PAGES = 5;

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

  /** Reads what is new from {@code first} on. */
  Result read(URI first, Pages pages) throws Stopped {
    boolean firstVisit = seen.isEmpty();
    boolean catchingUp = seen.behind();
    @Nullable URI at = first;
    @Nullable Heard newest = null;
    boolean brokeOff = false;
    for (int page = 0; at != null && page < MOST_PAGES; page++) {
      Page read;
      try {
        Heard heard = pages.ask(at, page == 0 ? known() : Map.of());
        if (page == 0 && heard.status() == 304) {
          return new Result.NotModified();
        }
        newest = newest == null ? heard : newest;
        read = pages.read(visit.good(heard), at);
      } catch (Stopped stopped) {
        if (page == 0) {
          throw stopped;
        }
        brokeOff = true;
        break;
      }
      boolean anythingNew = take(read.entries());
      at = firstVisit || !(anythingNew || catchingUp) ? null : read.next();
    }
    posts.sort(Posts.OLDEST_FIRST);
    return new Result.Collected(posts, next(newest, brokeOff), rejected, null);
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

  /** Whether there was a new one among them. */
  private boolean take(List<Entry> entries) {
    boolean anythingNew = false;
    // Backwards, so that the newest are remembered the longest.
    for (Entry entry : entries.reversed()) {
      boolean fresh = seen.add(entry.id());
      anythingNew |= fresh;
      switch (entry) {
        case Entry.Usable usable when fresh -> {
          posts.add(usable.post());
          seen.took(usable.post().publishedAt(), visit.now());
        }
        case Entry.Useless useless when fresh -> rejected.add(useless.reason());
        case Entry.Usable _, Entry.Useless _ -> {}
      }
    }
    return anythingNew;
  }

  /** With something unread the same first page must be read again: no ETag then. */
  private Source.Position next(@Nullable Heard newest, boolean brokeOff) {
    String cursor = seen.cursor(brokeOff);
    return newest == null || brokeOff
        ? new Source.Position(cursor, null, null)
        : new Source.Position(
            cursor,
            newest.header("ETag").orElse(null),
            newest.header("Last-Modified").orElse(null));
  }
}
