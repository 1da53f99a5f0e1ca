package io.pulsegrid.node.grid;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.cache.CacheException;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cache.CacheAtomicityMode;
import org.apache.ignite.cache.CacheMode;
import org.apache.ignite.cache.CacheWriteSynchronizationMode;
import org.apache.ignite.cache.PartitionLossPolicy;
import org.apache.ignite.cache.QueryEntity;
import org.apache.ignite.cache.QueryIndex;
import org.apache.ignite.cache.QueryIndexType;
import org.apache.ignite.cache.affinity.rendezvous.RendezvousAffinityFunction;
import org.apache.ignite.configuration.CacheConfiguration;
import org.jspecify.annotations.Nullable;

/** The shapes that the grid's caches have: one set of safe defaults, so that no cache is odd. */
public final class CacheShapes {
  /** How many partitions every partitioned cache has: equal keys of two caches live together. */
  public static final int PARTITIONS = 256;

  /** An id, two numbers and the hash of a key. */
  private static final int TEXT_INLINE_BYTES = 64;

  private static final int OPEN_TRIES = 120;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(250);

  private CacheShapes() {}

  /**
   * A partitioned cache that acknowledges a write when every copy has it, and refuses to answer for
   * partitions that it lost.
   */
  public static <K, V> CacheConfiguration<K, V> partitioned(String name, int backups) {
    return CacheShapes.<K, V>safe(name)
        .setCacheMode(CacheMode.PARTITIONED)
        .setBackups(backups)
        .setAffinity(new RendezvousAffinityFunction(false, PARTITIONS));
  }

  /** A small cache that every node holds whole. */
  public static <K, V> CacheConfiguration<K, V> replicated(String name) {
    return CacheShapes.<K, V>safe(name).setCacheMode(CacheMode.REPLICATED);
  }

  /**
   * Opens a cache, created where it is missing. A grid that is just taking a node in refuses to
   * create one for a moment: it is asked again for half a minute.
   */
  public static <K, V> IgniteCache<K, V> open(Ignite ignite, CacheConfiguration<K, V> shape) {
    for (int tries = 1; ; tries++) {
      try {
        return ignite.getOrCreateCache(shape);
      } catch (CacheException e) {
        if (tries == OPEN_TRIES) {
          throw e;
        }
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      }
    }
  }

  private static <K, V> CacheConfiguration<K, V> safe(String name) {
    return new CacheConfiguration<K, V>(name)
        .setAtomicityMode(CacheAtomicityMode.ATOMIC)
        .setWriteSynchronizationMode(CacheWriteSynchronizationMode.FULL_SYNC)
        .setPartitionLossPolicy(PartitionLossPolicy.READ_WRITE_SAFE)
        .setReadFromBackup(false)
        .setStatisticsEnabled(false);
  }

  /**
   * The indexed view of a cache's values, for {@code IndexQuery}.
   *
   * @param fields field name to Java class name
   * @param indexes one list of field names an index; its name is the fields joined by {@code _}
   */
  public static QueryEntity indexed(
      Class<?> key, Class<?> value, Map<String, String> fields, List<List<String>> indexes) {
    return new QueryEntity(key.getName(), value.getName())
        .setFields(new LinkedHashMap<>(fields))
        .setIndexes(
            indexes.stream()
                .map(
                    columns ->
                        new QueryIndex(columns, QueryIndexType.SORTED)
                            .setInlineSize(inlineSize(columns, fields))
                            .setName(String.join("_", columns)))
                .toList())
        .setNotNullFields(Set.of());
  }

  /**
   * Ignite keeps ten bytes of a text in an index and reads the whole row to tell apart what agrees
   * in those, as ids that begin with a time do.
   */
  private static int inlineSize(List<String> columns, Map<String, String> fields) {
    boolean text = columns.stream().anyMatch(column -> isText(fields.get(column)));
    return text ? TEXT_INLINE_BYTES : QueryIndex.DFLT_INLINE_SIZE;
  }

  private static boolean isText(@Nullable String type) {
    return String.class.getName().equals(type);
  }
}
