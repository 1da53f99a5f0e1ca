package io.pulsegrid.node.listen;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.Revision;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javax.cache.Cache;
import org.apache.ignite.cache.query.QueryCursor;
import org.apache.ignite.cache.query.ScanQuery;

/** The revisions of one bucket on the node that answers for it, in grid and index. */
final class RevisionsJob extends NodeJob<RevisionsJob.Revisions> {
  private static final long serialVersionUID = 1L;

  private final int bucket;
  private final Instant floor;

  RevisionsJob(int bucket, Instant floor) {
    this.bucket = bucket;
    this.floor = floor;
  }

  /** Revisions as they cross nodes: epoch and number by id. */
  static final class Revisions {
    private final Map<String, long[]> grid = new HashMap<>();
    private final Map<String, long[]> index = new HashMap<>();

    Map<String, Revision> grid() {
      return revisions(grid);
    }

    Map<String, Revision> index() {
      return revisions(index);
    }

    private static Map<String, Revision> revisions(Map<String, long[]> raw) {
      Map<String, Revision> revisions = new HashMap<>();
      raw.forEach((id, pair) -> revisions.put(id, new Revision(pair[0], pair[1])));
      return revisions;
    }
  }

  @Override
  Revisions run(LocalNode node) {
    Revisions revisions = new Revisions();
    ScanQuery<String, PostWire> scan = new ScanQuery<>();
    scan.setLocal(true);
    try (QueryCursor<Cache.Entry<String, PostWire>> entries = node.caches().posts().query(scan)) {
      for (Cache.Entry<String, PostWire> entry : entries) {
        PostWire post = entry.getValue();
        if (new PostId(entry.getKey()).bucket() == bucket && !post.collectedAt().isBefore(floor)) {
          revisions.grid.put(
              entry.getKey(), new long[] {post.revision().epoch(), post.revision().number()});
        }
      }
    }
    node.index()
        .forEachRevision(
            (id, epoch, number) -> {
              if (id.bucket() == bucket) {
                revisions.index.put(id.value(), new long[] {epoch, number});
              }
            });
    return revisions;
  }
}
