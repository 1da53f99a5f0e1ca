package io.pulsegrid.node.limits;

import io.pulsegrid.core.limit.LimitedScope;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the store remembers of limits, from which the grid's windows are begun again when they are
 * not there: attempts, armed deliveries, actions taken outside, blocks.
 */
public interface LimitHistory {
  /**
   * Notes that a scope is counted in the grid from now on.
   *
   * @return how long ago that was noted before: it may have been counted, and lost; empty if it was
   *     not
   */
  Optional<Duration> begin(LimitScope scope);

  /** The same of several scopes; those that were not noted before are absent. */
  default Map<LimitScope, Duration> beginAll(Collection<LimitScope> scopes) {
    Map<LimitScope, Duration> noted = new HashMap<>();
    scopes.forEach(scope -> begin(scope).ifPresent(age -> noted.put(scope, age)));
    return noted;
  }

  /**
   * When the actions of a scope ended that a platform may count, as far back as {@code reach}: the
   * end of its lease for one that may still be running.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code UNAVAILABLE}
   */
  List<Instant> ends(LimitScope scope, String action, Duration reach);

  /** The same of several scopes. */
  default Map<LimitScope, List<Instant>> endsAll(
      Collection<LimitScope> scopes, String action, Duration reach) {
    Map<LimitScope, List<Instant>> ends = new HashMap<>();
    scopes.forEach(scope -> ends.put(scope, ends(scope, action, reach)));
    return ends;
  }

  /** The block of a scope that is still in force; empty for none. */
  Optional<LimitedScope.Block> block(LimitScope scope);

  /** Those of several scopes that have one. */
  default Map<LimitScope, LimitedScope.Block> blocks(Collection<LimitScope> scopes) {
    Map<LimitScope, LimitedScope.Block> blocks = new HashMap<>();
    scopes.forEach(scope -> block(scope).ifPresent(block -> blocks.put(scope, block)));
    return blocks;
  }

  /** Keeps a block; of two the longer one. */
  void keep(LimitScope scope, LimitedScope.Block block);

  /** Forgets a block. */
  void forget(LimitScope scope);

  /** Keeps an action taken outside. */
  void keep(String id, String channelId, String action, Instant at);

  /** Whether any workspace has a channel on a platform. */
  boolean uses(String platform);
}
