package io.pulsegrid.node.listen;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The nodes that have kept a search waiting lately: others are asked before them for a while. */
final class SilentNodes {
  private static final Duration AVOIDED = Duration.ofSeconds(3);

  private final InstantSource clock;
  private final Map<UUID, Instant> until = new ConcurrentHashMap<>();

  SilentNodes(InstantSource clock) {
    this.clock = clock;
  }

  void silent(UUID node) {
    until.put(node, clock.instant().plus(AVOIDED));
  }

  void answered(UUID node) {
    until.remove(node);
  }

  boolean isAvoided(UUID node) {
    Instant end = until.get(node);
    return end != null && clock.instant().isBefore(end);
  }
}
