package io.pulsegrid.node.listen;

import io.pulsegrid.core.grid.Verification;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.BucketAffinity;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.store.posts.PostDigests;
import io.pulsegrid.node.store.posts.PostDigests.BucketSums;
import io.pulsegrid.node.store.posts.PostStore;
import io.pulsegrid.node.store.posts.StoredPost;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.ignite.Ignite;
import org.apache.ignite.cluster.ClusterNode;

/**
 * Compares what grid, Postgres and index hold: one sum a bucket first, rows only where sums differ.
 */
public final class GridVerification implements Verification {
  private static final int LISTED = 100;
  private static final int ROUNDS = 20;
  private static final Duration BETWEEN = Duration.ofMillis(500);

  private final Ignite ignite;
  private final PostCaches caches;
  private final PostDigests digests;
  private final PostStore store;
  private final Supplier<Instant> floor;
  private final Pause pause;

  /** How the verification waits for what is just being written. */
  @FunctionalInterface
  public interface Pause {
    void of(Duration time);
  }

  /** What it works with; {@code floor} is where the hot set begins. */
  public record Parts(
      Ignite ignite,
      PostCaches caches,
      PostDigests digests,
      PostStore store,
      Supplier<Instant> floor,
      Pause pause) {}

  public GridVerification(Parts parts) {
    ignite = parts.ignite();
    caches = parts.caches();
    digests = parts.digests();
    store = parts.store();
    floor = parts.floor();
    pause = parts.pause();
  }

  @Override
  public Report run(boolean repair) {
    return StoreAway.guard(
        () -> {
          Round round = compare();
          for (int i = 1; i < ROUNDS && !round.differing.isEmpty(); i++) {
            pause.of(BETWEEN);
            round = compare();
          }
          return report(round, repair);
        });
  }

  /** One comparison of all buckets. */
  private static final class Round {
    private final BucketSums gridPosts = new BucketSums();
    private final BucketSums gridVectors = new BucketSums();
    private final BucketSums indexed = new BucketSums();
    private BucketSums storedPosts = new BucketSums();
    private BucketSums storedVectors = new BucketSums();
    private final List<Integer> differing = new ArrayList<>();
    private Instant floor = Instant.EPOCH;
  }

  private Round compare() throws SQLException {
    Round round = new Round();
    round.floor = floor.get();
    for (DigestJob.Sums sums :
        ignite.compute(ignite.cluster().forServers()).broadcast(new DigestJob(round.floor))) {
      sums.addTo(round.gridPosts, round.gridVectors, round.indexed);
    }
    round.storedPosts = digests.posts(round.floor);
    round.storedVectors = digests.vectors(round.floor);
    for (int bucket = 0; bucket < PostId.BUCKETS; bucket++) {
      if (!round.gridPosts.sameIn(bucket, round.storedPosts)
          || !round.gridVectors.sameIn(bucket, round.storedVectors)
          || !round.gridPosts.sameIn(bucket, round.indexed)) {
        round.differing.add(bucket);
      }
    }
    return round;
  }

  private Report report(Round round, boolean repair) throws SQLException {
    List<String> differences = new ArrayList<>();
    long differing = 0;
    long repaired = 0;
    for (int bucket : round.differing) {
      ClusterNode node = caches.affinity().mapPartitionToNode(partition(bucket));
      RevisionsJob.Revisions here =
          ignite
              .compute(ignite.cluster().forNode(node))
              .call(new RevisionsJob(bucket, round.floor));
      Bucket rows = new Bucket(here.grid(), digests.revisions(bucket, round.floor), here.index());
      differing += rows.differing.size();
      rows.differing.values().stream()
          .limit(Math.max(0, LISTED - differences.size()))
          .forEach(differences::add);
      if (rows.differing.isEmpty() && !round.gridVectors.sameIn(bucket, round.storedVectors)) {
        differing++;
        differences.add("the vectors of bucket " + bucket + " differ between grid and store");
        rows.mistrusted.addAll(here.grid().keySet());
      }
      if (repair) {
        repaired += repair(node, rows);
      }
    }
    return new Report(
        round.differing.isEmpty(),
        round.gridPosts.total(),
        round.storedPosts.total(),
        round.indexed.total(),
        round.gridVectors.total(),
        round.storedVectors.total(),
        differing,
        repaired,
        differences);
  }

  private long repair(ClusterNode node, Bucket rows) throws SQLException {
    List<StoredPost> ahead = store.find(rows.storeAhead.stream().map(PostId::new).toList());
    Map<String, PostChange.Adopted> adoptions = new TreeMap<>();
    ahead.forEach(
        row ->
            adoptions.put(
                row.post().id().value(),
                new PostChange.Adopted(
                    PostWire.stored(row.post(), row.fingerprint(), row.revision()))));
    caches.posts().invokeAll(adoptions);
    int mended =
        ignite
            .compute(ignite.cluster().forNode(node))
            .call(new RepairJob(List.copyOf(rows.mistrusted), List.copyOf(rows.indexOnly)));
    return (long) ahead.size() + mended;
  }

  private static int partition(int bucket) {
    return BucketAffinity.partitionOf(bucket);
  }

  /** The rows of one bucket that differ, and what would mend each. */
  private static final class Bucket {
    private final Map<String, String> differing = new TreeMap<>();
    private final TreeSet<String> storeAhead = new TreeSet<>();
    private final TreeSet<String> mistrusted = new TreeSet<>();
    private final TreeSet<String> indexOnly = new TreeSet<>();

    Bucket(Map<String, Revision> grid, Map<String, Revision> stored, Map<String, Revision> index) {
      TreeSet<String> ids = new TreeSet<>(grid.keySet());
      ids.addAll(stored.keySet());
      ids.addAll(index.keySet());
      for (String id : ids) {
        Revision inGrid = grid.getOrDefault(id, Revision.NONE);
        Revision inStore = stored.getOrDefault(id, Revision.NONE);
        Revision inIndex = index.getOrDefault(id, Revision.NONE);
        if (inGrid.equals(inStore) && inGrid.equals(inIndex)) {
          continue;
        }
        differing.put(
            id, "post " + id + ": grid " + inGrid + ", store " + inStore + ", index " + inIndex);
        if (inStore.compareTo(inGrid) > 0) {
          storeAhead.add(id);
        } else if (inGrid.equals(Revision.NONE)) {
          indexOnly.add(id);
        } else {
          mistrusted.add(id);
        }
      }
    }
  }
}
