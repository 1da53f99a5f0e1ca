package io.pulsegrid.node.grid;

import io.pulsegrid.core.post.PostId;
import org.apache.ignite.cache.affinity.rendezvous.RendezvousAffinityFunction;

/**
 * Places a post by the bucket of its id, so that grid, store and index agree on where it belongs: a
 * partition of the grid is a fixed set of buckets in Postgres and in the index.
 */
public final class BucketAffinity extends RendezvousAffinityFunction {
  private static final long serialVersionUID = 1L;

  public BucketAffinity() {
    super(false, CacheShapes.PARTITIONS);
  }

  @Override
  public int partition(Object key) {
    return partitionOf(new PostId((String) key).bucket());
  }

  /** The partition that a bucket belongs to. */
  public static int partitionOf(int bucket) {
    return bucket % CacheShapes.PARTITIONS;
  }
}
