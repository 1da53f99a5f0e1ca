package io.pulsegrid.core.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/** When a person wants something to happen. */
public sealed interface When {
  /** What the clocks alone can tell. */
  sealed interface Moment extends When {}

  /** As soon as possible. */
  record Now() implements Moment {}

  /** At an instant. */
  record At(Instant instant) implements Moment {}

  /** When the clocks of a zone show this. */
  record Local(LocalDateTime local, ZoneId zone) implements Moment {}

  /** When the clocks of each channel show this, in the zone of that channel. */
  record ChannelLocal(LocalDateTime local) implements Moment {}

  /** In the next free slot of each channel. */
  record NextSlot() implements When {}
}
