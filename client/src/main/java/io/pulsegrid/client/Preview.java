package io.pulsegrid.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would become of posts, in their order.
 *
 * @param lastGoesOutAt when the last of them would be out; null where none could be scheduled
 */
public record Preview(List<Item> items, @Nullable Instant lastGoesOutAt) {

  /**
   * One of them.
   *
   * @param errors why it would be refused; empty where it would not
   */
  public record Item(List<FieldError> errors, List<OnChannel> channels) {}

  /**
   * What it would be there.
   *
   * @param at when it would be due, which is {@code local} on the clocks of {@code zone}
   * @param length of its text, as its platform counts it
   * @param goesOutAt the latest that the limits there would let it out
   * @param heldBy the limit it would wait for; null for none
   * @param similar what says nearly the same there, sent or waiting
   */
  public record OnChannel(
      String channel,
      String platform,
      Instant at,
      String local,
      String zone,
      String adjustment,
      long length,
      Instant goesOutAt,
      @Nullable Held heldBy,
      List<Similar> similar) {}

  /** A limit, or a block, that holds a post back. */
  public record Held(
      String scope,
      @Nullable Long windowSeconds,
      @Nullable Integer limit,
      @Nullable String reason) {}

  /**
   * A delivery with nearly the same words.
   *
   * @param likeness 0 to 1; 1 for the same words
   */
  public record Similar(String delivery, String state, Instant at, double likeness) {}
}
