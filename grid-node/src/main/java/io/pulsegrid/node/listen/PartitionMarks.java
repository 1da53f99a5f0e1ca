package io.pulsegrid.node.listen;

import io.pulsegrid.node.grid.CacheShapes;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.processor.MutableEntry;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cache.CacheEntryProcessor;

/**
 * Which partitions of posts hold what Postgres has, as the whole grid knows it. A partition without
 * a mark is to be loaded. Each demand has a number of its own, so that a load which was overtaken
 * by the next loss does not mark what it loaded before.
 */
public final class PartitionMarks {
  private static final Set<Integer> ALL =
      IntStream.range(0, CacheShapes.PARTITIONS).boxed().collect(Collectors.toUnmodifiableSet());

  // n: loaded to the n-th demand; -n: demanded for the n-th time; nothing: never loaded.
  private final IgniteCache<Integer, Long> cache;

  public PartitionMarks(IgniteCache<Integer, Long> cache) {
    this.cache = cache;
  }

  /** Has some partitions loaded, again if they were before. */
  void demand(Collection<Integer> partitions) {
    Map<Integer, Demand> changes = new TreeMap<>();
    partitions.forEach(partition -> changes.put(partition, new Demand()));
    cache.invokeAll(changes);
  }

  void demandAll() {
    demand(ALL);
  }

  /** Those partitions that are to be loaded, each with its demand. */
  Map<Integer, Long> missing() {
    Map<Integer, Long> marks = cache.getAll(new TreeSet<>(ALL));
    Map<Integer, Long> missing = new TreeMap<>();
    for (Integer partition : ALL) {
      long mark = marks.getOrDefault(partition, 0L);
      if (mark <= 0) {
        missing.put(partition, mark);
      }
    }
    return missing;
  }

  /** Says that partitions are loaded, each to a demand; a later demand stands. */
  void loaded(Map<Integer, Long> demands) {
    Map<Integer, Loaded> changes = new TreeMap<>();
    demands.forEach((partition, demand) -> changes.put(partition, new Loaded(demand)));
    cache.invokeAll(changes);
  }

  private static final class Demand implements CacheEntryProcessor<Integer, Long, Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean process(MutableEntry<Integer, Long> entry, Object... arguments) {
      long mark = entry.exists() ? entry.getValue() : 0;
      entry.setValue(-(Math.abs(mark) + 1));
      return true;
    }
  }

  private static final class Loaded implements CacheEntryProcessor<Integer, Long, Boolean> {
    private static final long serialVersionUID = 1L;
    private final long demand;

    Loaded(long demand) {
      this.demand = demand;
    }

    @Override
    public Boolean process(MutableEntry<Integer, Long> entry, Object... arguments) {
      long mark = entry.exists() ? entry.getValue() : 0;
      if (mark != demand) {
        return false;
      }
      entry.setValue(mark == 0 ? 1 : -mark);
      return true;
    }
  }
}
