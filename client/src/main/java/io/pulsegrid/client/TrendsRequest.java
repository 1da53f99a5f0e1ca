package io.pulsegrid.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which trends are wanted.
 *
 * @param state null for all
 * @param minPosts null for 2
 * @param at as they stood then; null for now
 */
public record TrendsRequest(
    @Nullable String state, @Nullable Long minPosts, @Nullable Instant at, Paging page) {
  /** The strongest, of two posts or more. */
  public static final TrendsRequest STRONGEST = new TrendsRequest(null, null, null, Paging.FIRST);

  /** The same as they stood then. */
  public TrendsRequest at(Instant moment) {
    return new TrendsRequest(state, minPosts, moment, page);
  }
}
