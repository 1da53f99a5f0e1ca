package io.pulsegrid.core.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/** When a person wants something to happen. */
public sealed interface When {
  /** As soon as possible. */
  record Now() implements When {}

  /** At an instant. */
  record At(Instant instant) implements When {}

  /** When the clocks of a zone show this. */
  record Local(LocalDateTime local, ZoneId zone) implements When {}
}
