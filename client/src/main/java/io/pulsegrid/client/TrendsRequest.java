package io.pulsegrid.client;

import org.jspecify.annotations.Nullable;

/**
 * Which trends are wanted.
 *
 * @param state null for all
 * @param minPosts null for 2
 */
public record TrendsRequest(@Nullable String state, @Nullable Long minPosts, Paging page) {
  /** The strongest, of two posts or more. */
  public static final TrendsRequest STRONGEST = new TrendsRequest(null, null, Paging.FIRST);
}
