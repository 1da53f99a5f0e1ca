package io.pulsegrid.api.fake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock moved by hand. */
public final class FakeClock implements InstantSource {
  private volatile Instant now = FakePublishing.NOW;

  @Override
  public Instant instant() {
    return now;
  }

  public synchronized void advance(Duration step) {
    now = now.plus(step);
  }
}
