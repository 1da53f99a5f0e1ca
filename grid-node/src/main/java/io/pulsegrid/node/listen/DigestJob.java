package io.pulsegrid.node.listen;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.BucketAffinity;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.store.posts.PostDigests.BucketSums;
import java.time.Instant;
import java.util.BitSet;
import java.util.function.BiConsumer;
import javax.cache.Cache;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.binary.BinaryObject;
import org.apache.ignite.cache.query.QueryCursor;
import org.apache.ignite.cache.query.ScanQuery;

/** Adds up what one node answers for: its posts, its vectors, its part of the index. */
final class DigestJob extends NodeJob<DigestJob.Sums> {
  private static final long serialVersionUID = 1L;

  private final Instant floor;

  DigestJob(Instant floor) {
    this.floor = floor;
  }

  /** Three sets of sums as they cross nodes, and the partitions that they are of. */
  static final class Sums {
    private final long[][] counts = new long[3][];
    private final long[][] sums = new long[3][];
    private long[] partitions = {};

    private void set(int kind, BucketSums of) {
      counts[kind] = of.counts();
      sums[kind] = of.sums();
    }

    void addTo(BucketSums posts, BucketSums vectors, BucketSums indexed) {
      posts.addAll(counts[0], sums[0]);
      vectors.addAll(counts[1], sums[1]);
      indexed.addAll(counts[2], sums[2]);
    }

    /** The partitions that this node answered for from beginning to end. */
    BitSet partitions() {
      return BitSet.valueOf(partitions);
    }
  }

  @Override
  Sums run(LocalNode node) {
    BitSet primary = node.primaryPartitions();
    BucketSums posts = new BucketSums();
    scan(
        node.caches().posts(),
        (id, post) -> {
          Long collectedAt = post.field("collectedAt");
          if (primary.get(partition(id)) && collectedAt >= floor.toEpochMilli()) {
            posts.add(id, new Revision(post.<Long>field("epoch"), post.<Long>field("number")));
          }
        });
    BucketSums vectors = new BucketSums();
    scan(
        node.caches().vectors(),
        (id, vector) -> {
          if (primary.get(partition(id))) {
            vectors.add(id, new Revision(vector.<Long>field("sequence"), 0));
          }
        });
    BucketSums indexed = new BucketSums();
    node.index()
        .forEachRevision(
            (id, epoch, number) -> {
              if (primary.get(partition(id))) {
                indexed.add(id, new Revision(epoch, number));
              }
            });
    Sums sums = new Sums();
    sums.set(0, posts);
    sums.set(1, vectors);
    sums.set(2, indexed);
    BitSet stayed = node.primaryPartitions();
    stayed.and(primary);
    sums.partitions = stayed.toLongArray();
    return sums;
  }

  private static int partition(PostId id) {
    return BucketAffinity.partitionOf(id.bucket());
  }

  /** Hands every entry of this node over in its binary form: only the fields asked for are read. */
  private static void scan(IgniteCache<String, ?> cache, BiConsumer<PostId, BinaryObject> sink) {
    ScanQuery<String, BinaryObject> scan = new ScanQuery<>();
    scan.setLocal(true);
    try (QueryCursor<Cache.Entry<String, BinaryObject>> entries =
        cache.<String, BinaryObject>withKeepBinary().query(scan)) {
      for (Cache.Entry<String, BinaryObject> entry : entries) {
        sink.accept(new PostId(entry.getKey()), entry.getValue());
      }
    }
  }
}
