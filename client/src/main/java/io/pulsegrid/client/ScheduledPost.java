package io.pulsegrid.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A post that is scheduled, or was.
 *
 * @param state of the least advanced of its deliveries
 * @param resolved what its time came to: one for all channels, or one each
 * @param series the id of the series that it is a post of; null where it stands alone
 * @param version what an edit is held against; 0 from a grid before contract 1.3
 * @param warnings what its author may not have meant; told when it is made or replaced
 */
public record ScheduledPost(
    String id,
    String state,
    String text,
    List<String> channels,
    List<Resolved> resolved,
    List<Delivery> deliveries,
    @Nullable String series,
    long version,
    @Nullable List<FieldError> warnings) {

  /**
   * The instant that a wall-clock time came to.
   *
   * @param adjustment {@code NONE}, or what daylight saving made of it: {@code GAP}, {@code
   *     OVERLAP}
   */
  public record Resolved(
      Instant at, String local, String zone, String adjustment, @Nullable String note) {}
}
