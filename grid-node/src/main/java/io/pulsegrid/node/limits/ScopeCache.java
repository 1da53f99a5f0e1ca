package io.pulsegrid.node.limits;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.wire.ScopeChange;
import io.pulsegrid.node.grid.wire.ScopeWire;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import javax.cache.CacheException;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.IgniteException;
import org.jspecify.annotations.Nullable;

/**
 * The scopes in the grid. One that is not there, or lacks a window, is begun from the store before
 * anything is asked of it: so after a cold start, after copies were lost, for a new channel and for
 * a new rule alike. Whoever begins it first does; what a second reader found is ignored.
 */
public final class ScopeCache {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final IgniteCache<String, ScopeWire> cache;
  private final LimitHistory history;

  /** What a request for permits came to. */
  record Answer(int granted, Instant allowedAt) {}

  private ScopeCache(IgniteCache<String, ScopeWire> cache, LimitHistory history) {
    this.cache = cache;
    this.history = history;
  }

  /** Creates the cache if it is missing. */
  public static ScopeCache open(Ignite ignite, int backups, LimitHistory history) {
    return new ScopeCache(
        CacheShapes.open(ignite, CacheShapes.<String, ScopeWire>partitioned("limit", backups)),
        history);
  }

  /** Asks a scope for permits under these rules. */
  Answer grant(LimitScope scope, String action, List<WindowRule> rules, Asked asked) {
    ScopeChange grant =
        new ScopeChange.Grant(action, rules, asked.permits(), asked.now(), asked.leaseEnd());
    long[] answer = change(scope, grant);
    if (answer.length == 0) {
      cover(scope, action, rules);
      answer = change(scope, grant);
    }
    if (answer.length == 0) {
      // Lost again in between, or begun under other rules on another node: the next try tells.
      throw PulsegridException.unavailable(
          "the limits of " + scope.name() + " are being rebuilt", RETRY_AFTER);
    }
    return new Answer(Math.toIntExact(answer[0]), Instant.ofEpochMilli(answer[1]));
  }

  /** The scope as it stands, with every rule's window covered. */
  LimitedScope read(LimitScope scope, String action, List<WindowRule> rules) {
    ScopeWire wire = get(scope);
    if (wire == null || !wire.scope().covers(action, rules)) {
      cover(scope, action, rules);
      wire = get(scope);
    }
    return wire == null ? new LimitedScope() : wire.scope();
  }

  /** Applies a change where the scope lives. */
  long[] change(LimitScope scope, ScopeChange change) {
    try {
      return cache.invoke(scope.name(), change);
    } catch (CacheException | IgniteException e) {
      throw unavailable(scope, e);
    }
  }

  private void cover(LimitScope scope, String action, List<WindowRule> rules) {
    Duration reach =
        rules.stream().map(WindowRule::window).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    List<Instant> ends = reach.isZero() ? List.of() : history.ends(scope, action, reach);
    change(scope, new ScopeChange.Cover(action, rules, ends, history.block(scope).orElse(null)));
  }

  private @Nullable ScopeWire get(LimitScope scope) {
    try {
      return cache.get(scope.name());
    } catch (CacheException | IgniteException e) {
      throw unavailable(scope, e);
    }
  }

  private static PulsegridException unavailable(LimitScope scope, RuntimeException cause) {
    return PulsegridException.unavailable(
        "the grid does not answer for " + scope.name(), RETRY_AFTER, cause);
  }
}
