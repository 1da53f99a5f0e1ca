package io.pulsegrid.connectors.listen;

import io.pulsegrid.core.post.IncomingPost;
import java.time.Instant;
import java.util.Comparator;

/** The order that what was collected is handed over in. */
final class Posts {
  /** Those without a time, which are taken to be of now, last. */
  static final Comparator<IncomingPost> OLDEST_FIRST =
      Comparator.comparing(
          IncomingPost::publishedAt, Comparator.nullsLast(Comparator.<Instant>naturalOrder()));

  private Posts() {}
}
