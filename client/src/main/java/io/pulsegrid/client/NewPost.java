package io.pulsegrid.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A post to import.
 *
 * @param platform null where the import's options name it
 * @param nativeId its id there: the same one again changes the post
 * @param title one of title and text is needed
 * @param publishedAt null for now
 */
public record NewPost(
    @Nullable String platform,
    String nativeId,
    @Nullable String title,
    @Nullable String text,
    @Nullable String url,
    @Nullable String author,
    @Nullable Instant publishedAt,
    @Nullable String lang,
    @Nullable List<String> tags,
    @Nullable Engagement engagement) {

  /** With a title alone. */
  public static NewPost titled(String platform, String nativeId, String title, Instant at) {
    return new NewPost(platform, nativeId, title, null, null, null, at, null, null, null);
  }
}
