package io.pulsegrid.node.listen;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.grid.BucketAffinity;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.grid.wire.VectorWire;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import javax.cache.Cache;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cache.query.QueryCursor;
import org.apache.ignite.cache.query.ScanQuery;

/** The rows of some buckets on the node that answers for them, in grid and index. */
final class RevisionsJob extends NodeJob<RevisionsJob.Rows> {
  private static final long serialVersionUID = 1L;

  private final long[] buckets;
  private final Instant floor;

  RevisionsJob(BitSet buckets, Instant floor) {
    this.buckets = buckets.toLongArray();
    this.floor = floor;
  }

  /** Rows as they cross nodes, by id. */
  static final class Rows {
    private final Map<String, long[]> posts = new HashMap<>();
    private final Map<String, long[]> vectors = new HashMap<>();
    private final Map<String, long[]> index = new HashMap<>();
    private long[] partitions = {};

    Map<String, BucketRows.GridPost> posts() {
      Map<String, BucketRows.GridPost> typed = new HashMap<>();
      posts.forEach(
          (id, row) ->
              typed.put(
                  id,
                  new BucketRows.GridPost(
                      new Revision(row[0], row[1]), row[2] != 0, row[3] != 0, row[4] != 0)));
      return typed;
    }

    Map<String, BucketRows.GridVector> vectors() {
      Map<String, BucketRows.GridVector> typed = new HashMap<>();
      vectors.forEach((id, row) -> typed.put(id, new BucketRows.GridVector(row[0], row[1] != 0)));
      return typed;
    }

    Map<String, Revision> index() {
      Map<String, Revision> typed = new HashMap<>();
      index.forEach((id, row) -> typed.put(id, new Revision(row[0], row[1])));
      return typed;
    }

    /** The partitions that this node answered for from beginning to end. */
    BitSet partitions() {
      return BitSet.valueOf(partitions);
    }
  }

  @Override
  Rows run(LocalNode node) {
    BitSet wanted = BitSet.valueOf(buckets);
    BitSet primary = node.primaryPartitions();
    BitSet scanned = new BitSet();
    wanted.stream().map(BucketAffinity::partitionOf).filter(primary::get).forEach(scanned::set);
    Rows rows = new Rows();
    scanned.stream().forEach(partition -> add(node, partition, wanted, rows));
    node.index()
        .forEachRevision(
            (id, epoch, number) -> {
              if (wanted.get(id.bucket())) {
                rows.index.put(id.value(), new long[] {epoch, number});
              }
            });
    BitSet stayed = node.primaryPartitions();
    stayed.and(scanned);
    rows.partitions = stayed.toLongArray();
    return rows;
  }

  private void add(LocalNode node, int partition, BitSet wanted, Rows rows) {
    for (Cache.Entry<String, PostWire> entry : entries(node.caches().posts(), partition)) {
      PostWire post = entry.getValue();
      boolean hot = !post.collectedAt().isBefore(floor);
      if (hot && wanted.get(new PostId(entry.getKey()).bucket())) {
        boolean inIndex =
            post.stage().compareTo(Stage.INDEXED) >= 0
                && post.stale() == PostWire.Staleness.NOTHING;
        boolean hasVector = post.stage() != Stage.COLLECTED && post.duplicateOf() == null;
        rows.posts.put(
            entry.getKey(),
            new long[] {
              post.revision().epoch(),
              post.revision().number(),
              post.dirty() ? 1 : 0,
              inIndex ? 1 : 0,
              hasVector ? 1 : 0
            });
      }
    }
    for (Cache.Entry<String, VectorWire> entry : entries(node.caches().vectors(), partition)) {
      if (wanted.get(new PostId(entry.getKey()).bucket())) {
        VectorWire vector = entry.getValue();
        rows.vectors.put(entry.getKey(), new long[] {vector.sequence(), vector.dirty() ? 1 : 0});
      }
    }
  }

  private static <V> Iterable<Cache.Entry<String, V>> entries(
      IgniteCache<String, V> cache, int partition) {
    ScanQuery<String, V> scan = new ScanQuery<>();
    scan.setPartition(partition);
    scan.setLocal(true);
    try (QueryCursor<Cache.Entry<String, V>> cursor = cache.query(scan)) {
      return cursor.getAll();
    }
  }
}
