package io.pulsegrid.node.listen;

import javax.cache.Cache;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.binary.BinaryObject;
import org.apache.ignite.cache.query.QueryCursor;
import org.apache.ignite.cache.query.ScanQuery;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.jspecify.annotations.Nullable;

/**
 * The highest place in the order of acceptance that a node holds a post at or has been given; 0
 * when it has none. Answered by nodes that are still starting too: they may hold posts.
 */
final class HighestPlaceJob implements IgniteCallable<Long> {
  private static final long serialVersionUID = 1L;

  @IgniteInstanceResource private transient @Nullable Ignite ignite;

  @Override
  public Long call() {
    Ignite here = ignite;
    if (here == null) {
      throw new IllegalStateException("a job runs on a grid node only");
    }
    Sequencer sequencer = Sequencer.of(here);
    long highest = sequencer == null ? 0 : sequencer.highestReserved();
    IgniteCache<String, Object> posts = here.cache("post");
    if (posts == null) {
      return highest;
    }
    ScanQuery<String, BinaryObject> scan = new ScanQuery<>();
    scan.setLocal(true);
    try (QueryCursor<Cache.Entry<String, BinaryObject>> entries =
        posts.<String, BinaryObject>withKeepBinary().query(scan)) {
      for (Cache.Entry<String, BinaryObject> entry : entries) {
        highest = Math.max(highest, entry.getValue().<Long>field("sequence"));
      }
    }
    return highest;
  }
}
