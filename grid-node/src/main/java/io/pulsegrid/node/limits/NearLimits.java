package io.pulsegrid.node.limits;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many scopes have used four fifths or more of one of their windows, by platform and action, as
 * this node last saw them: by itself each leaves when its window would. Safe for use by many
 * threads.
 */
public final class NearLimits {
  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Map<Kind, Map<LimitScope, Instant>> near = new ConcurrentHashMap<>();

  private record Kind(String platform, String action) {}

  public NearLimits(MeterRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /** A scope was seen; near its limit until then, or not if that is over. */
  void seen(LimitScope scope, String platform, String action, Instant until) {
    Kind kind = new Kind(platform, action);
    if (until.isAfter(clock.instant())) {
      near.computeIfAbsent(kind, this::begun).put(scope, until);
    } else {
      near.computeIfPresent(
          kind,
          (_, scopes) -> {
            scopes.remove(scope);
            return scopes;
          });
    }
  }

  private Map<LimitScope, Instant> begun(Kind kind) {
    Map<LimitScope, Instant> scopes = new ConcurrentHashMap<>();
    Gauge.builder("pulsegrid.limits.near", scopes, this::count)
        .description("Channels and apps that have used 80 % or more of one of their windows")
        .tag("platform", kind.platform())
        .tag("action", kind.action())
        .strongReference(true)
        .register(registry);
    return scopes;
  }

  private double count(Map<LimitScope, Instant> scopes) {
    Instant now = clock.instant();
    scopes.values().removeIf(until -> !until.isAfter(now));
    return scopes.size();
  }
}
