package io.pulsegrid.core.publish;

import io.pulsegrid.core.limit.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * When posts would go out through the windows of their limits, asked in the order in which they are
 * due. What a window counts already is taken to leave as late as it can, so what is told is the
 * latest. Not for many threads.
 */
public final class Forecast {
  private final Instant now;
  private final Map<String, Window> windows = new HashMap<>();

  /** What is forecast of one post. */
  public record Exit(Instant at, @Nullable RateLimit heldBy) {}

  public Forecast(Instant now) {
    this.now = now;
  }

  /** One post that is due then goes through these limits. */
  public Exit next(Instant due, List<RateLimit> limits) {
    Instant at = due.isBefore(now) ? now : due;
    @Nullable RateLimit heldBy = null;
    boolean moved = true;
    while (moved) {
      moved = false;
      for (RateLimit limit : limits) {
        Instant earliest = window(limit).earliest(at);
        if (earliest.isAfter(at)) {
          at = earliest;
          heldBy = limit;
          moved = true;
        }
      }
    }
    for (RateLimit limit : limits) {
      window(limit).count(at);
    }
    return new Exit(at, heldBy);
  }

  private Window window(RateLimit limit) {
    return windows.computeIfAbsent(
        limit.scope() + ' ' + limit.window(), _ -> new Window(limit, now));
  }

  /** One sliding window, whoever it is shared by. */
  private static final class Window {
    private final @Nullable Integer limit;
    private final Duration length;
    private final Instant allowedAt;
    private final PriorityQueue<Instant> leaving = new PriorityQueue<>();

    Window(RateLimit known, Instant now) {
      limit = known.limit();
      length = Objects.requireNonNullElse(known.window(), Duration.ZERO);
      allowedAt = known.allowedAt();
      for (int i = 0; i < known.used(); i++) {
        leaving.add(i == 0 && allowedAt.isAfter(now) ? allowedAt : now.plus(length));
      }
    }

    Instant earliest(Instant at) {
      Instant when = at.isBefore(allowedAt) ? allowedAt : at;
      if (limit == null || limit < 1) {
        return when;
      }
      while (!leaving.isEmpty() && !leaving.element().isAfter(when)) {
        leaving.remove();
      }
      while (leaving.size() >= limit) {
        when = leaving.remove();
      }
      return when;
    }

    void count(Instant at) {
      if (limit != null) {
        leaving.add(at.plus(length));
      }
    }
  }
}
