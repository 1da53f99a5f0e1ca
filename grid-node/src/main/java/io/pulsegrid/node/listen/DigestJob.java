package io.pulsegrid.node.listen;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.BucketAffinity;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.grid.wire.VectorWire;
import io.pulsegrid.node.store.posts.PostDigests.BucketSums;
import java.time.Instant;
import java.util.BitSet;
import javax.cache.Cache;
import org.apache.ignite.cache.query.QueryCursor;
import org.apache.ignite.cache.query.ScanQuery;

/** Adds up what one node answers for: its posts, its vectors, its part of the index. */
final class DigestJob extends NodeJob<DigestJob.Sums> {
  private static final long serialVersionUID = 1L;

  private final Instant floor;

  DigestJob(Instant floor) {
    this.floor = floor;
  }

  /** Three sets of sums as they cross nodes. */
  static final class Sums {
    private final long[][] counts = new long[3][];
    private final long[][] sums = new long[3][];

    private void set(int kind, BucketSums of) {
      counts[kind] = of.counts();
      sums[kind] = of.sums();
    }

    void addTo(BucketSums posts, BucketSums vectors, BucketSums indexed) {
      posts.addAll(counts[0], sums[0]);
      vectors.addAll(counts[1], sums[1]);
      indexed.addAll(counts[2], sums[2]);
    }
  }

  @Override
  Sums run(LocalNode node) {
    BucketSums posts = new BucketSums();
    ScanQuery<String, PostWire> scan = new ScanQuery<>();
    scan.setLocal(true);
    try (QueryCursor<Cache.Entry<String, PostWire>> entries = node.caches().posts().query(scan)) {
      for (Cache.Entry<String, PostWire> entry : entries) {
        if (!entry.getValue().collectedAt().isBefore(floor)) {
          posts.add(new PostId(entry.getKey()), entry.getValue().revision());
        }
      }
    }
    BucketSums vectors = new BucketSums();
    ScanQuery<String, VectorWire> vectorScan = new ScanQuery<>();
    vectorScan.setLocal(true);
    try (QueryCursor<Cache.Entry<String, VectorWire>> entries =
        node.caches().vectors().query(vectorScan)) {
      for (Cache.Entry<String, VectorWire> entry : entries) {
        vectors.add(new PostId(entry.getKey()), new Revision(entry.getValue().sequence(), 0));
      }
    }
    BucketSums indexed = new BucketSums();
    BitSet primary = node.primaryPartitions();
    node.index()
        .forEachRevision(
            (id, epoch, number) -> {
              if (primary.get(BucketAffinity.partitionOf(id.bucket()))) {
                indexed.add(id, new Revision(epoch, number));
              }
            });
    Sums sums = new Sums();
    sums.set(0, posts);
    sums.set(1, vectors);
    sums.set(2, indexed);
    return sums;
  }
}
