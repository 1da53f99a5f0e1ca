package io.pulsegrid.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that is moved by hand. */
final class HandClock implements InstantSource {
  private final AtomicLong now =
      new AtomicLong(Instant.parse("2026-05-12T10:00:00Z").toEpochMilli());

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(now.get());
  }

  void advance(Duration step) {
    now.addAndGet(step.toMillis());
  }
}
