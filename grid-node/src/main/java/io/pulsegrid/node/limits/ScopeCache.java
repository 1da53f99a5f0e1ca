package io.pulsegrid.node.limits;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.wire.ScopeChange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
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
import org.apache.ignite.cache.affinity.rendezvous.RendezvousAffinityFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scopes in the grid: a channel's on the node of its deliveries, an app's on every node, since
 * each looks at it before every round of calls. A change of either is there for all who ask once it
 * has returned. One that is not there, or lacks a window, is begun from the store before anything
 * is asked of it: so after a cold start, after copies were lost, for a new channel and for a new
 * rule alike. Whoever begins it first does; what a second reader found is ignored.
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
  static final Duration ASKED_AGAIN = Duration.ofMillis(250);

  static final String CHANNELS = "limit";
  static final String APPS = "app-limit";
  private static final int APP_PARTITIONS = 16;
  private static final Logger log = LoggerFactory.getLogger(ScopeCache.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final IgniteCache<String, byte[]> channels;
  private final IgniteCache<String, byte[]> apps;
  private final LimitHistory history;

  /**
   * What a request for permits came to.
   *
   * @param nearUntil until when the scope is near its limit; in the past where it is not
   */
  record Answer(int granted, Instant allowedAt, Instant nearUntil) {
    static Answer of(long[] said) {
      return new Answer(
          Math.toIntExact(said[0]), Instant.ofEpochMilli(said[1]), Instant.ofEpochMilli(said[2]));
    }

    /** Of a scope that counts nothing: everything, unless it is held back until later. */
    static Answer unlessHeld(Asked asked, LimitedScope.@Nullable Block block) {
      return block == null
          ? new Answer(asked.permits().length, asked.now(), Instant.MIN)
          : new Answer(0, block.until(), Instant.MIN);
    }
  }

  private ScopeCache(
      IgniteCache<String, byte[]> channels,
      IgniteCache<String, byte[]> apps,
      LimitHistory history) {
    this.channels = channels;
    this.apps = apps;
    this.history = history;
  }

  /** Creates the caches that are missing. */
  public static ScopeCache open(Ignite ignite, int backups, LimitHistory history) {
    return new ScopeCache(
        CacheShapes.open(ignite, CacheShapes.<String, byte[]>partitioned(CHANNELS, backups)),
        CacheShapes.open(
            ignite,
            CacheShapes.<String, byte[]>replicated(APPS)
                .setAffinity(new RendezvousAffinityFunction(false, APP_PARTITIONS))
                .setReadFromBackup(true)),
        history);
  }

  private IgniteCache<String, byte[]> cacheOf(LimitScope scope) {
    return scope instanceof LimitScope.OfApp ? apps : channels;
  }

  /** Where a scope is kept: a channel's on the node of its deliveries, which its id places too. */
  static String key(LimitScope scope) {
    return switch (scope) {
      case LimitScope.OfChannel(String id) -> id;
      case LimitScope.OfApp(String platform) -> platform;
    };
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
    LimitedScope found = get(scope);
    if (found == null || !found.covers(action, rules)) {
      cover(scope, action, rules, now);
      found = get(scope);
    }
    return found == null ? new LimitedScope() : found;
  }

  /** Applies changes where their scopes live; the answers of those that were reached. */
  Map<LimitScope, long[]> changeAll(Map<LimitScope, ? extends ScopeChange> changes) {
    Map<LimitScope, long[]> answers = new HashMap<>();
    changeAll(channels, LimitScope.OfChannel.class, changes, answers);
    changeAll(apps, LimitScope.OfApp.class, changes, answers);
    return answers;
  }

  private static void changeAll(
      IgniteCache<String, byte[]> cache,
      Class<? extends LimitScope> kind,
      Map<LimitScope, ? extends ScopeChange> changes,
      Map<LimitScope, long[]> answers) {
    // Sorted: two that change the same scopes in two orders would wait for each other for ever.
    TreeMap<String, ScopeChange> sorted = new TreeMap<>();
    Map<String, LimitScope> scopes = new HashMap<>();
    changes.forEach(
        (scope, change) -> {
          if (kind.isInstance(scope)) {
            sorted.put(key(scope), change);
            scopes.put(key(scope), scope);
          }
        });
    try {
      if (sorted.size() == 1) {
        // For one key Ignite has a way with less in it.
        Map.Entry<String, ScopeChange> one = sorted.firstEntry();
        long[] answer = cache.invoke(one.getKey(), one.getValue());
        scopes.values().forEach(scope -> answers.put(scope, answer));
      } else if (!sorted.isEmpty()) {
        Map<String, EntryProcessorResult<long[]>> results = cache.invokeAll(sorted);
        scopes.forEach(
            (key, scope) -> {
              EntryProcessorResult<long[]> result = results.get(key);
              if (result != null) {
                answers.put(scope, result.get());
              }
            });
      }
    } catch (CacheException | IgniteException | IllegalStateException e) {
      // The last of them is what a cache says that was closed with its node.
      log.debug("{} scopes of limits were not all reached", sorted.size(), e);
    }
  }

  /** Applies a change where the scope lives. */
  long[] change(LimitScope scope, ScopeChange change) {
    try {
      return cacheOf(scope).invoke(key(scope), change);
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
    LimitedScope found = get(scope);
    Instant known = found == null ? null : found.openFrom();
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
    Instant from = opensAt(now, noted.orElse(null));
    return Instant.ofEpochMilli(
        change(scope, new ScopeChange.Begin(from, history.block(scope).orElse(null)))[0]);
  }

  /**
   * When a scope opens that is not there, in whole milliseconds.
   *
   * @param noted how long ago it was begun before, and is lost since; null for a new one
   */
  static Instant opensAt(Instant now, @Nullable Duration noted) {
    return (noted == null ? now : now.plus(CLOSED_FOR)).truncatedTo(ChronoUnit.MILLIS);
  }

  /** When scopes open or opened; those that are not begun are absent. */
  Map<LimitScope, Instant> openFrom(Collection<LimitScope> asked) {
    Map<String, LimitScope> ofChannels = new HashMap<>();
    Map<LimitScope, Instant> known = new HashMap<>();
    for (LimitScope scope : asked) {
      if (scope instanceof LimitScope.OfChannel) {
        ofChannels.put(key(scope), scope);
      } else {
        note(scope, get(scope), known);
      }
    }
    try {
      Map<String, byte[]> read = channels.getAll(ofChannels.keySet());
      ofChannels.forEach((key, scope) -> note(scope, unpacked(read.get(key)), known));
      return known;
    } catch (CacheException | IgniteException e) {
      throw PulsegridException.unavailable(
          "the grid does not answer for " + asked.size() + " scopes", RETRY_AFTER, e);
    }
  }

  private static void note(
      LimitScope scope, @Nullable LimitedScope found, Map<LimitScope, Instant> known) {
    Instant openFrom = found == null ? null : found.openFrom();
    if (openFrom != null) {
      known.put(scope, openFrom);
    }
  }

  private @Nullable LimitedScope get(LimitScope scope) {
    try {
      return unpacked(cacheOf(scope).get(key(scope)));
    } catch (CacheException | IgniteException e) {
      throw unavailable(scope, e);
    }
  }

  private static @Nullable LimitedScope unpacked(byte @Nullable [] packed) {
    return packed == null ? null : LimitedScope.unpack(packed);
  }

  private static PulsegridException unavailable(LimitScope scope, RuntimeException cause) {
    return PulsegridException.unavailable(
        "the grid does not answer for " + scope.name(), RETRY_AFTER, cause);
  }
}
