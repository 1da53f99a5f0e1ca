package io.pulsegrid.node.listen;

import io.pulsegrid.core.time.IdSource;
import java.util.TreeMap;
import java.util.UUID;
import javax.cache.processor.MutableEntry;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cache.CacheEntryProcessor;

/**
 * The one order of acceptance. A range is reserved before its posts are taken in and closed after;
 * what lies before every open range is complete, and clustering never goes beyond that.
 */
public final class Sequencer {
  private static final String KEY = "posts";

  private final Ignite ignite;
  private final IgniteCache<String, Ledger> cache;
  private final IdSource tokens;

  public Sequencer(Ignite ignite, IgniteCache<String, Ledger> cache, IdSource tokens) {
    this.ignite = ignite;
    this.cache = cache;
    this.tokens = tokens;
  }

  /** Makes sure that nothing up to {@code highest} is given again. */
  public void startAfter(long highest) {
    cache.invoke(KEY, new StartAfter(highest));
  }

  /** Reserves {@code count} numbers in a row; the first of them is answered. */
  public long reserve(int count) {
    return cache.invoke(KEY, new Reserve(count, ignite.cluster().localNode().id(), tokens.next()));
  }

  /** Says that every post of a reserved range is in the grid, or never will be. */
  public void close(long first) {
    cache.invoke(KEY, new Close(first));
  }

  /** Every number below this one is in the grid or never will be. */
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
      close(range.getKey());
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

  private static final class Close implements CacheEntryProcessor<String, Ledger, Long> {
    private static final long serialVersionUID = 1L;
    private final long first;

    Close(long first) {
      this.first = first;
    }

    @Override
    public Long process(MutableEntry<String, Ledger> entry, Object... arguments) {
      Ledger ledger = Ledger.of(entry);
      ledger.open.remove(first);
      entry.setValue(ledger);
      return ledger.next;
    }
  }
}
