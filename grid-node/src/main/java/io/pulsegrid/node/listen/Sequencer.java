package io.pulsegrid.node.listen;

import io.pulsegrid.core.time.IdSource;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.cache.CacheException;
import javax.cache.processor.MutableEntry;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cache.CacheEntryProcessor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one order of acceptance. A range is reserved before its posts are taken in and closed after;
 * what lies before every open range is complete, and clustering never goes beyond that.
 *
 * <p>Where the grid has lost the order, nothing is reserved until {@link #startAfter} says where it
 * goes on: reading a lost order as a new one would give numbers twice.
 */
public final class Sequencer {
  private static final Logger log = LoggerFactory.getLogger(Sequencer.class);
  private static final String LOCAL = "pulsegrid.sequencer";
  private static final String KEY = "posts";
  private static final long NOT_STARTED = -1;

  private final Ignite ignite;
  private final IgniteCache<String, Ledger> cache;
  private final IdSource tokens;
  private final AtomicLong highestReserved = new AtomicLong();
  private final Set<String> unclosed = ConcurrentHashMap.newKeySet();

  public Sequencer(Ignite ignite, IgniteCache<String, Ledger> cache, IdSource tokens) {
    this.ignite = ignite;
    this.cache = cache;
    this.tokens = tokens;
    ignite.cluster().<String, Sequencer>nodeLocalMap().put(LOCAL, this);
  }

  /** The sequencer of a node; null on one that is still starting. */
  static @Nullable Sequencer of(Ignite ignite) {
    return ignite.cluster().<String, Sequencer>nodeLocalMap().get(LOCAL);
  }

  /** A range of numbers in a row that this node has reserved. */
  record Reservation(long first, String token) {}

  /** Makes sure that nothing up to {@code highest} is given again, and begins where none was. */
  public void startAfter(long highest) {
    cache.invoke(KEY, new StartAfter(highest));
  }

  /** Whether the grid knows where the order goes on. */
  boolean hasStarted() {
    return cache.containsKey(KEY);
  }

  /** The highest number that this node has ever been given. */
  long highestReserved() {
    return highestReserved.get();
  }

  /** Reserves {@code count} numbers in a row. */
  Reservation reserve(int count) {
    String token = tokens.next();
    try {
      long first = cache.invoke(KEY, new Reserve(count, ignite.cluster().localNode().id(), token));
      if (first == NOT_STARTED) {
        throw new IgniteException("the order of acceptance is being restored");
      }
      highestReserved.accumulateAndGet(first + count - 1, Math::max);
      return new Reservation(first, token);
    } catch (CacheException | IgniteException unsure) {
      // The range may be open although nobody knows its place: it would hold clustering up.
      unclosed.add(token);
      throw unsure;
    }
  }

  /** Says that every post of a reserved range is in the grid, or never will be. */
  void close(Reservation range) {
    unclosed.add(range.token());
    try {
      closeLeftovers();
    } catch (CacheException | IgniteException notNow) {
      log.debug("range {} is closed later", range.first(), notNow);
    }
  }

  /** Closes the ranges that could not be closed when they were done with. */
  void closeLeftovers() {
    for (String token : Set.copyOf(unclosed)) {
      cache.invoke(KEY, new Close(token));
      unclosed.remove(token);
    }
  }

  /** Every number below this one is in the grid or never will be; 0 while nobody knows. */
  public long watermark() {
    Ledger ledger = cache.get(KEY);
    if (ledger == null) {
      return 0;
    }
    for (var range : ledger.open.entrySet()) {
      // The ranges of a node that left are closed by its absence: it can add nothing any more.
      if (ignite.cluster().node(range.getValue().node) != null) {
        return range.getKey();
      }
      cache.invoke(KEY, new Close(range.getValue().token));
    }
    return ledger.next;
  }

  /** The sequence as it crosses nodes. */
  public static final class Ledger {
    private long next = 1;
    private TreeMap<Long, Range> open = new TreeMap<>();

    private static Ledger of(MutableEntry<String, Ledger> entry) {
      Ledger copy = new Ledger();
      if (entry.exists()) {
        copy.next = entry.getValue().next;
        copy.open = new TreeMap<>(entry.getValue().open);
      }
      return copy;
    }
  }

  private static final class Range {
    private final UUID node;
    private final String token;

    Range(UUID node, String token) {
      this.node = node;
      this.token = token;
    }
  }

  private static final class StartAfter implements CacheEntryProcessor<String, Ledger, Long> {
    private static final long serialVersionUID = 1L;
    private final long highest;

    StartAfter(long highest) {
      this.highest = highest;
    }

    @Override
    public Long process(MutableEntry<String, Ledger> entry, Object... arguments) {
      Ledger ledger = Ledger.of(entry);
      ledger.next = Math.max(ledger.next, highest + 1);
      entry.setValue(ledger);
      return ledger.next;
    }
  }

  // Safe to apply twice: the token finds the range that the first application reserved.
  private static final class Reserve implements CacheEntryProcessor<String, Ledger, Long> {
    private static final long serialVersionUID = 1L;
    private final int count;
    private final UUID node;
    private final String token;

    Reserve(int count, UUID node, String token) {
      this.count = count;
      this.node = node;
      this.token = token;
    }

    @Override
    public Long process(MutableEntry<String, Ledger> entry, Object... arguments) {
      if (!entry.exists()) {
        return NOT_STARTED;
      }
      Ledger ledger = Ledger.of(entry);
      for (var range : ledger.open.entrySet()) {
        if (range.getValue().token.equals(token)) {
          return range.getKey();
        }
      }
      long first = ledger.next;
      ledger.next += count;
      ledger.open.put(first, new Range(node, token));
      entry.setValue(ledger);
      return first;
    }
  }

  private static final class Close implements CacheEntryProcessor<String, Ledger, Boolean> {
    private static final long serialVersionUID = 1L;
    private final String token;

    Close(String token) {
      this.token = token;
    }

    @Override
    public Boolean process(MutableEntry<String, Ledger> entry, Object... arguments) {
      // An order that was lost has lost its open ranges too.
      if (!entry.exists()) {
        return false;
      }
      Ledger ledger = Ledger.of(entry);
      boolean open = ledger.open.values().removeIf(range -> range.token.equals(token));
      if (open) {
        entry.setValue(ledger);
      }
      return open;
    }
  }
}
