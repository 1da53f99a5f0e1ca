package io.pulsegrid.node.grid;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.cache.Cache;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.binary.BinaryObject;
import org.apache.ignite.cache.query.IndexQuery;
import org.apache.ignite.cache.query.IndexQueryCriterion;
import org.apache.ignite.cache.query.QueryCursor;

/**
 * A work queue that is nothing but an index: the entries of a cache that meet some criteria, in the
 * index's order. Work leaves it by being done, so a node that dies forgets nothing.
 *
 * @param index the index's name: its fields joined by an underscore
 */
public record IndexedQueue<V>(IgniteCache<String, V> cache, Class<V> type, String index) {
  /** A thousand posts may be long ones: what is taken at once must fit into the heap. */
  private static final long MOST_BYTES = 16L << 20;

  /**
   * The first entries of which this node is the primary, at most {@code limit}; fewer where they
   * are long.
   */
  public Map<String, V> local(int limit, IndexQueryCriterion... criteria) {
    return entries(true, limit, criteria);
  }

  /** The first entries of the whole grid, at most {@code limit}; fewer where they are long. */
  public Map<String, V> everywhere(int limit, IndexQueryCriterion... criteria) {
    return entries(false, limit, criteria);
  }

  /** How many entries of which this node is the primary meet the criteria. */
  public long countLocal(IndexQueryCriterion... criteria) {
    long count = 0;
    try (QueryCursor<Cache.Entry<String, BinaryObject>> found = query(true, 0, criteria)) {
      for (Cache.Entry<String, BinaryObject> _ : found) {
        count++;
      }
    }
    return count;
  }

  private Map<String, V> entries(boolean local, int limit, IndexQueryCriterion... criteria) {
    Map<String, V> entries = new LinkedHashMap<>();
    long bytes = 0;
    try (QueryCursor<Cache.Entry<String, BinaryObject>> found = query(local, limit, criteria)) {
      for (Cache.Entry<String, BinaryObject> entry : found) {
        entries.put(entry.getKey(), entry.getValue().deserialize());
        bytes += entry.getValue().size();
        // The query's own limit is a hint that Ignite 2.17 does not hold to.
        if (entries.size() == limit || bytes > MOST_BYTES) {
          break;
        }
      }
    }
    return entries;
  }

  // Values of an index query come as binary objects whatever the cache's face says: ask for them.
  private QueryCursor<Cache.Entry<String, BinaryObject>> query(
      boolean local, int limit, IndexQueryCriterion... criteria) {
    IndexQuery<String, BinaryObject> query =
        new IndexQuery<String, BinaryObject>(type.getName(), index).setCriteria(List.of(criteria));
    query.setLocal(local);
    if (limit > 0) {
      query.setLimit(limit);
      query.setPageSize(Math.min(limit, 1024));
    }
    return cache.<String, BinaryObject>withKeepBinary().query(query);
  }
}
