package io.pulsegrid.connectors.feed;

import io.pulsegrid.core.post.Engagement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry as its feed wrote it, RSS and Atom alike.
 *
 * @param identity what may tell it from others
 * @param text of the whole entry if the feed has it, else of its summary
 * @param dates what may be its date, the likeliest first
 */
record Entry(
    Identity identity,
    Optional<String> title,
    Optional<String> text,
    Optional<String> author,
    Labels labels,
    List<Optional<Instant>> dates,
    Engagement engagement) {

  /**
   * What may tell an entry from others.
   *
   * @param id the guid of RSS, the id of Atom, the about of RDF
   * @param link as written, perhaps relative
   */
  record Identity(@Nullable String id, @Nullable String link) {}

  /** Its language and categories. */
  record Labels(@Nullable String lang, List<String> tags) {}
}
