package io.pulsegrid.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which posts a list is to hold; a null leaves that side open.
 *
 * @param source the id of the source that collected them
 * @param since published at or after
 * @param until published before
 * @param trend the id of a trend
 */
public record PostsRequest(
    @Nullable String platform,
    @Nullable String source,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable String trend) {
  /** All of them. */
  public static final PostsRequest ALL = new PostsRequest(null, null, null, null, null);

  /** Those of one platform. */
  public static PostsRequest of(String platform) {
    return new PostsRequest(platform, null, null, null, null);
  }
}
