package io.pulsegrid.client;

import tools.jackson.core.type.TypeReference;

/**
 * Posts that come again and again, of {@link Pulsegrid#recurring()}. Each of their times becomes a
 * scheduled post of its own, a week ahead or more, which names its series.
 */
public final class RecurringPosts {
  private final Calling calling;

  RecurringPosts(Calling calling) {
    this.calling = calling;
  }

  /** Begins a series; its post is {@link When#repeated} or {@link When#repeatedOnEachChannel}. */
  public Series begin(NewScheduledPost post) {
    return begin(post, calling.once());
  }

  /**
   * The same, safe to repeat even over a restart of the program.
   *
   * @param idempotencyKey 1 to 255 characters, one for each series; kept for 24 hours
   */
  public Series begin(NewScheduledPost post, String idempotencyKey) {
    return calling.write("series.begin", post, idempotencyKey, Series.class);
  }

  /** A series with its next times. */
  public Series get(String id) {
    return calling.read("series.get", new Asked.OneOf(id), Series.class);
  }

  /** All series, oldest first. */
  public Page<Series> list(Paging page) {
    return calling.read("series.list", page, new TypeReference<Page<Series>>() {});
  }

  /**
   * Changes a series from now on; what was edited or cancelled by itself stays as it is.
   *
   * @param version {@link Series#version()} as it was read; {@code stale} where it is another now
   */
  public Series replace(String series, NewScheduledPost post, long version) {
    return calling.write("series.replace", new Asked.Edit(series, post, version), Series.class);
  }

  /** Ends a series and cancels its posts that nothing was sent for; {@code conflict} once ended. */
  public void end(String series) {
    calling.write("series.end", new Asked.End(series, null));
  }
}
