package io.pulsegrid.node.listen;

import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.grid.BucketAffinity;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.Revision;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.apache.ignite.binary.BinaryObject;
import org.apache.ignite.cache.query.QueryCursor;
import org.apache.ignite.cache.query.ScanQuery;

/**
 * Compares a partition's copy on this node with the index, revision by revision, and mends the
 * index: after a start, for a partition that has come here, and ever again, slowly. For one thread.
 */
final class IndexSweep {
  private final PostCaches caches;
  private final PostIndex index;
  private final IndexKeeper keeper;

  IndexSweep(PostCaches caches, PostIndex index, IndexKeeper keeper) {
    this.caches = caches;
    this.index = index;
    this.keeper = keeper;
  }

  /**
   * Makes the index true to one partition.
   *
   * @return how many posts were mended; -1 if the partition's copy is not whole here yet
   */
  int sweep(int partition) {
    Map<String, Revision> copies = new HashMap<>();
    ScanQuery<String, BinaryObject> scan = new ScanQuery<>(partition);
    scan.setLocal(true);
    try (QueryCursor<Cache.Entry<String, BinaryObject>> entries =
        caches.posts().<String, BinaryObject>withKeepBinary().query(scan)) {
      for (Cache.Entry<String, BinaryObject> entry : entries) {
        copies.put(entry.getKey(), searchable(entry.getValue()));
      }
    } catch (CacheException e) {
      // Ignite refuses to scan a copy that is still being filled, or has just moved away.
      return -1;
    }
    List<PostId> gone = new ArrayList<>();
    index.forEachRevision(
        bucket -> BucketAffinity.partitionOf(bucket) == partition,
        (id, epoch, number) -> {
          Revision copy = copies.get(id.value());
          if (copy == null) {
            gone.add(id);
          } else if (copy.equals(new Revision(epoch, number))) {
            copies.put(id.value(), Revision.NONE);
          }
        });
    List<String> differing =
        copies.entrySet().stream()
            .filter(copy -> !copy.getValue().equals(Revision.NONE))
            .map(Map.Entry::getKey)
            .toList();
    for (int from = 0; from < differing.size(); from += IndexStage.BATCH) {
      bring(differing.subList(from, Math.min(from + IndexStage.BATCH, differing.size())));
    }
    index.delete(gone);
    if (!differing.isEmpty() || !gone.isEmpty()) {
      index.refresh();
    }
    return differing.size() + gone.size();
  }

  /**
   * The revision that the index is to have of a post. None is asked for while it is not searchable:
   * it comes by its stage, and what it was before stays found till then.
   */
  private static Revision searchable(BinaryObject post) {
    return post.<Integer>field("stage") < Stage.INDEXED.rank()
        ? Revision.NONE
        : new Revision(post.<Long>field("epoch"), post.<Long>field("number"));
  }

  private void bring(List<String> ids) {
    Map<String, PostWire> posts = new LinkedHashMap<>();
    for (String id : ids) {
      PostWire post = keeper.copy(id);
      if (post != null && post.stage().compareTo(Stage.INDEXED) >= 0) {
        posts.put(id, post);
      }
    }
    keeper.bring(posts);
  }

  /** Takes everything of some partitions out of the index. */
  void forget(BitSet partitions) {
    List<PostId> gone = new ArrayList<>();
    index.forEachRevision(
        bucket -> partitions.get(BucketAffinity.partitionOf(bucket)), (id, _, _) -> gone.add(id));
    index.delete(gone);
    index.refresh();
  }
}
