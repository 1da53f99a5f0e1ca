package io.pulsegrid.api.fake;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Workers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One platform's workers in memory. */
public final class FakeWorkers implements Workers {
  private static final int CONFIGURED = 4;

  private int concurrency = CONFIGURED;

  @Override
  public synchronized List<Worker> list() {
    return List.of(new Worker("mastodon", concurrency, CONFIGURED, 1));
  }

  @Override
  public synchronized Worker change(String platform, @Nullable Integer wanted) {
    if (wanted != null && wanted < 1) {
      throw PulsegridException.invalid("concurrency", "must be 1 to 1000");
    }
    concurrency = wanted == null ? CONFIGURED : wanted;
    return list().getFirst();
  }
}
