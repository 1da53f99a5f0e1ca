package io.pulsegrid.node.listen;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import javax.cache.processor.EntryProcessorResult;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cache.CacheEntryProcessor;
import org.apache.ignite.lang.IgniteFuture;

/**
 * Changes of a cache made in batches, a few of them on the way at once. Goes through the primary of
 * each entry to all its copies, unlike a data streamer, which writes each copy by itself and leaves
 * them unequal when a node comes or goes meanwhile.
 */
final class Batches<V, R> implements AutoCloseable {
  private static final int BATCH = 500;
  private static final int ON_THE_WAY = 4;

  private final IgniteCache<String, V> cache;
  private final Queue<IgniteFuture<Map<String, EntryProcessorResult<R>>>> running =
      new ArrayDeque<>();
  private TreeMap<String, CacheEntryProcessor<String, V, R>> batch = new TreeMap<>();

  Batches(IgniteCache<String, V> cache) {
    this.cache = cache;
  }

  /** Makes a change some time before {@link #close} returns; two of one key in either order. */
  void add(String key, CacheEntryProcessor<String, V, R> change) {
    if (batch.containsKey(key)) {
      send();
    }
    batch.put(key, change);
    if (batch.size() == BATCH) {
      send();
    }
  }

  private void send() {
    if (running.size() == ON_THE_WAY) {
      running.remove().get();
    }
    running.add(cache.invokeAllAsync(batch));
    batch = new TreeMap<>();
  }

  /** Waits for all of them. */
  @Override
  public void close() {
    if (!batch.isEmpty()) {
      send();
    }
    while (!running.isEmpty()) {
      running.remove().get();
    }
  }
}
