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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.cache.CacheException;
import javax.cache.processor.EntryProcessorResult;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cache.affinity.AffinityKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scopes in the grid, each on the node of its channel's deliveries. One that is not there, or
 * lacks a window, is begun from the store before anything is asked of it: so after a cold start,
 * after copies were lost, for a new channel and for a new rule alike. Whoever begins it first does;
 * what a second reader found is ignored.
 *
 * <p>A scope that was counted before and is gone was lost with permits that were given and not yet
 * armed, of which the ledger shows nothing. It stays closed until the store would no longer arm
 * them, and only then is read from the ledger: what was armed by then is there to be counted.
 */
public final class ScopeCache {
  /** As long as a permit may wait for its arm, and what a statement may take to be committed. */
  static final Duration CLOSED_FOR = Permits.TO_ARM.plusSeconds(1);

  /** Who has noted a new scope begins it within this, if it has not died. */
  static final Duration BEGINS_WITHIN = Duration.ofSeconds(2);

  /** When a scope that somebody else is just beginning is asked again. */
  private static final Duration ASKED_AGAIN = Duration.ofMillis(250);

  private static final Logger log = LoggerFactory.getLogger(ScopeCache.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final IgniteCache<AffinityKey<String>, ScopeWire> cache;
  private final LimitHistory history;

  /**
   * What a request for permits came to.
   *
   * @param nearUntil until when the scope is near its limit; in the past where it is not
   */
  record Answer(int granted, Instant allowedAt, Instant nearUntil) {
    private static Answer of(long[] said) {
      return new Answer(
          Math.toIntExact(said[0]), Instant.ofEpochMilli(said[1]), Instant.ofEpochMilli(said[2]));
    }
  }

  private ScopeCache(IgniteCache<AffinityKey<String>, ScopeWire> cache, LimitHistory history) {
    this.cache = cache;
    this.history = history;
  }

  /** Creates the cache if it is missing. */
  public static ScopeCache open(Ignite ignite, int backups, LimitHistory history) {
    return new ScopeCache(
        CacheShapes.open(
            ignite, CacheShapes.<AffinityKey<String>, ScopeWire>partitioned("limit", backups)),
        history);
  }

  /** Where a scope is kept. */
  static AffinityKey<String> key(LimitScope scope) {
    return new AffinityKey<>(scope.name(), scope.affinity());
  }

  /** Asks a scope for permits under these rules. */
  Answer grant(LimitScope scope, String action, List<WindowRule> rules, Asked asked) {
    ScopeChange grant =
        new ScopeChange.Grant(action, rules, asked.permits(), asked.now(), asked.leaseEnd());
    long[] answer = change(scope, grant);
    if (answer.length == 0) {
      Instant openFrom = cover(scope, action, rules, asked.now());
      if (openFrom.isAfter(asked.now())) {
        return new Answer(0, openFrom, Instant.MIN);
      }
      answer = change(scope, grant);
    }
    if (answer.length == 0) {
      // Lost again in between, or begun under other rules on another node: the next try tells.
      throw PulsegridException.unavailable(
          "the limits of " + scope.name() + " are being rebuilt", RETRY_AFTER);
    }
    return Answer.of(answer);
  }

  /** The scope as it stands; every rule's window is covered unless it has yet to open. */
  LimitedScope read(LimitScope scope, String action, List<WindowRule> rules, Instant now) {
    ScopeWire wire = get(scope);
    if (wire == null || !wire.scope().covers(action, rules)) {
      cover(scope, action, rules, now);
      wire = get(scope);
    }
    return wire == null ? new LimitedScope() : wire.scope();
  }

  /**
   * Asks several scopes at once; those that are not begun, or lack a window, or cannot be asked
   * just now, are absent.
   */
  Map<LimitScope, Answer> grantAll(Map<LimitScope, ScopeChange.Grant> asked) {
    Map<LimitScope, Answer> answers = new HashMap<>();
    changeAll(asked)
        .forEach(
            (scope, answer) -> {
              if (answer.length > 0) {
                answers.put(scope, Answer.of(answer));
              }
            });
    return answers;
  }

  /** Applies changes where their scopes live; the answers of those that were reached. */
  Map<LimitScope, long[]> changeAll(Map<LimitScope, ? extends ScopeChange> changes) {
    // Sorted: two that change the same scopes in two orders would wait for each other for ever.
    Map<AffinityKey<String>, ScopeChange> sorted =
        new TreeMap<>(Comparator.comparing(AffinityKey::key));
    changes.forEach((scope, change) -> sorted.put(key(scope), change));
    Map<LimitScope, long[]> answers = new HashMap<>();
    try {
      Map<AffinityKey<String>, EntryProcessorResult<long[]>> results = cache.invokeAll(sorted);
      for (LimitScope scope : changes.keySet()) {
        EntryProcessorResult<long[]> result = results.get(key(scope));
        if (result != null) {
          answers.put(scope, result.get());
        }
      }
    } catch (CacheException | IgniteException e) {
      log.debug("{} scopes of limits were not all reached", changes.size(), e);
    }
    return answers;
  }

  /** Applies a change where the scope lives. */
  long[] change(LimitScope scope, ScopeChange change) {
    try {
      return cache.invoke(key(scope), change);
    } catch (CacheException | IgniteException e) {
      throw unavailable(scope, e);
    }
  }

  /** Covers the rules' windows if the scope is open; answers from when it is. */
  private Instant cover(LimitScope scope, String action, List<WindowRule> rules, Instant now) {
    Instant openFrom = begin(scope, now);
    if (openFrom.isAfter(now)) {
      return openFrom;
    }
    Duration reach =
        rules.stream().map(WindowRule::window).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    List<Instant> ends = reach.isZero() ? List.of() : history.ends(scope, action, reach);
    change(scope, new ScopeChange.Cover(openFrom, action, rules, ends));
    return openFrom;
  }

  private Instant begin(LimitScope scope, Instant now) {
    ScopeWire wire = get(scope);
    Instant known = wire == null ? null : wire.scope().openFrom();
    if (known != null) {
      return known;
    }
    Optional<Duration> noted = history.begin(scope);
    if (noted.filter(age -> age.compareTo(BEGINS_WITHIN) < 0).isPresent()) {
      // New, and another node is about to begin it: taken for lost, it would stay closed.
      return now.plus(ASKED_AGAIN);
    }
    // A crash after the note and before the beginning: whoever comes next takes a new scope for a
    // lost one, and waits a little in vain.
    Instant from = noted.isEmpty() ? now : now.plus(CLOSED_FOR);
    return Instant.ofEpochMilli(
        change(scope, new ScopeChange.Begin(from, history.block(scope).orElse(null)))[0]);
  }

  private @Nullable ScopeWire get(LimitScope scope) {
    try {
      return cache.get(key(scope));
    } catch (CacheException | IgniteException e) {
      throw unavailable(scope, e);
    }
  }

  private static PulsegridException unavailable(LimitScope scope, RuntimeException cause) {
    return PulsegridException.unavailable(
        "the grid does not answer for " + scope.name(), RETRY_AFTER, cause);
  }
}
