package io.pulsegrid.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** When a post is to go out. */
public sealed interface When {
  /** At once. */
  record Now(boolean now) implements When {}

  /** At an instant; one past, but within {@code expiresAfter}, goes out at once. */
  record At(Instant at) implements When {}

  /**
   * By the clock on somebody's wall.
   *
   * @param zone null for that of each channel
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Local(LocalDateTime local, @Nullable String zone) implements When {}

  /**
   * Again and again by the clock on somebody's wall, in a series.
   *
   * @param local the first time
   * @param zone null for that of each channel
   * @param repeat the value of an RRULE (RFC 5545), such as {@code FREQ=WEEKLY;BYDAY=MO,TH}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Repeated(LocalDateTime local, @Nullable String zone, String repeat) implements When {}

  /** In each channel's next free slot. */
  record Slot(String slot) implements When {}

  static When now() {
    return new Now(true);
  }

  static When at(Instant instant) {
    return new At(instant);
  }

  static When local(LocalDateTime time, ZoneId zone) {
    return new Local(time, zone.getId());
  }

  /** By each channel's own clock. */
  static When localToEachChannel(LocalDateTime time) {
    return new Local(time, null);
  }

  static When repeated(LocalDateTime first, ZoneId zone, String rule) {
    return new Repeated(first, zone.getId(), rule);
  }

  /** By each channel's own clock. */
  static When repeatedOnEachChannel(LocalDateTime first, String rule) {
    return new Repeated(first, null, rule);
  }

  static When nextSlot() {
    return new Slot("next");
  }
}
