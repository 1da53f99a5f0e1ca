package io.pulsegrid.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bodies of operations that take more, or less, than one record of a program's. */
final class Asked {
  private Asked() {}

  record OneOf(String id) {}

  record Batch(boolean atomic, List<NewScheduledPost> posts) {}

  record Plan(List<NewScheduledPost> posts) {}

  /**
   * Another post in one's place.
   *
   * @param version what the one replaced must be at; null for whatever it is at
   */
  record Edit(String id, NewScheduledPost post, @Nullable Long version) {}

  /**
   * The end of a post, or of a series.
   *
   * @param version what it must be at; null for whatever it is at
   */
  record End(String id, @Nullable Long version) {}

  record Deliveries(@Nullable String state, @Nullable String channel, Paging page) {}

  record Decision(String id, Word word) {}

  record Word(boolean published, @Nullable String remoteId) {}

  record OfChannel(@Nullable String channel) {}

  record Action(String channel, String action) {}

  record Search(SearchRequest query, Paging page) {}

  record Texts(List<String> texts) {}

  record Then(String id, Instant at) {}

  /** A part of what belongs to one resource. */
  record PartOf(String id, Paging page) {}

  record Posts(PostsRequest filter, Paging page) {}
}
