package io.pulsegrid.core.post;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a post says and where it stands in the world. One of title and text is present.
 *
 * @param platform {@code [a-z0-9_-]{1,32}}
 * @param nativeId the platform's own id, 1-512 characters
 * @param url kept as text, never fetched
 * @param lang a BCP 47 tag as the source gave it
 */
public record Content(
    String platform,
    String nativeId,
    @Nullable String url,
    @Nullable String author,
    @Nullable String title,
    @Nullable String text,
    @Nullable String lang,
    @Nullable String category,
    List<String> tags) {
  public Content {
    tags = List.copyOf(tags);
  }

  /** Title and text as one, the way a reader takes them in. */
  public String wording() {
    if (title == null) {
      return text == null ? "" : text;
    }
    return text == null || text.isBlank() || text.equals(title) ? title : title + "\n" + text;
  }
}
