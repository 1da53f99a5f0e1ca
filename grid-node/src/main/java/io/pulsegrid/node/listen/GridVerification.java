package io.pulsegrid.node.listen;

import io.pulsegrid.core.grid.Verification;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.BucketAffinity;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.listen.BucketRows.Difference;
import io.pulsegrid.node.listen.BucketRows.Remedy;
import io.pulsegrid.node.store.posts.PostDigests;
import io.pulsegrid.node.store.posts.PostDigests.BucketSums;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what grid, Postgres and index hold: one sum a bucket first, rows only where sums differ.
 * The grid may work and its partitions may move meanwhile: a bucket is in order once its sums were
 * equal at any one moment; what moved is compared again; and a row differs only if it stands still,
 * not if it is on its way.
 */
public final class GridVerification implements Verification {
  private static final Logger log = LoggerFactory.getLogger(GridVerification.class);
  private static final int LISTED = 100;
  private static final int ROUNDS = 10;
  private static final Duration BETWEEN = Duration.ofMillis(500);
  private static final int READINGS = 15;
  private static final Duration BETWEEN_READINGS = Duration.ofSeconds(2);

  /** Buckets whose rows are read at a time. */
  private static final int AT_ONCE = 256;

  private final Ignite ignite;
  private final PostCaches caches;
  private final PostDigests digests;
  private final Adoption adoption;
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
      Adoption adoption,
      Supplier<Instant> floor,
      Pause pause) {}

  public GridVerification(Parts parts) {
    ignite = parts.ignite();
    caches = parts.caches();
    digests = parts.digests();
    adoption = parts.adoption();
    floor = parts.floor();
    pause = parts.pause();
  }

  @Override
  public Report run(boolean repair) {
    return StoreAway.guard(
        () -> {
          BitSet open = new BitSet();
          open.set(0, PostId.BUCKETS);
          Round round = compare(open);
          for (int i = 1; i < ROUNDS && !open.isEmpty(); i++) {
            pause.of(BETWEEN);
            round = compare(open);
          }
          Map<String, Difference> differing = new TreeMap<>();
          BitSet unread = new BitSet();
          for (BitSet part = first(open); !part.isEmpty(); part = first(open)) {
            differing.putAll(read(part, unread));
            open.andNot(part);
            if (!unread.isEmpty()) {
              // Nor would the others be: whoever asks need not wait until each was tried.
              unread.or(open);
              open.clear();
            }
          }
          return report(round, differing, unread, repair ? repair(differing) : 0);
        });
  }

  /** One comparison of all buckets. */
  private static final class Round {
    private final BucketSums gridPosts = new BucketSums();
    private final BucketSums gridVectors = new BucketSums();
    private final BucketSums indexed = new BucketSums();
    private BucketSums storedPosts = new BucketSums();
    private BucketSums storedVectors = new BucketSums();

    private boolean isInOrder(int bucket) {
      return gridPosts.sameIn(bucket, storedPosts)
          && gridVectors.sameIn(bucket, storedVectors)
          && gridPosts.sameIn(bucket, indexed);
    }
  }

  /** Compares sums, and strikes out the buckets that are in order. */
  private Round compare(BitSet open) throws SQLException {
    Round round = new Round();
    Instant since = floor.get();
    int[] answers = new int[PostId.BUCKETS];
    try {
      for (DigestJob.Sums sums :
          ignite.compute(ignite.cluster().forServers()).broadcast(new DigestJob(since))) {
        sums.addTo(round.gridPosts, round.gridVectors, round.indexed);
        sums.partitions().stream().forEach(partition -> answers[partition]++);
      }
    } catch (IgniteException e) {
      log.info("a node came or went while the grid was compared: {}", e.getMessage());
      return round;
    }
    round.storedPosts = digests.posts(since);
    round.storedVectors = digests.vectors(since);
    for (int bucket = 0; bucket < PostId.BUCKETS; bucket++) {
      // Of a partition that moved meanwhile, nobody or two nodes may have answered.
      if (answers[BucketAffinity.partitionOf(bucket)] == 1 && round.isInOrder(bucket)) {
        open.clear(bucket);
      }
    }
    return round;
  }

  private static BitSet first(BitSet open) {
    BitSet part = new BitSet();
    open.stream().limit(AT_ONCE).forEach(part::set);
    return part;
  }

  /**
   * Reads the rows of some buckets until those that differ stand still.
   *
   * @param unread takes the buckets that no node answered for to the end
   */
  private Map<String, Difference> read(BitSet buckets, BitSet unread) throws SQLException {
    Map<String, Difference> first = new HashMap<>();
    Map<String, Difference> before = Map.of();
    Map<String, Difference> still = new LinkedHashMap<>();
    for (int reading = 1; reading <= READINGS; reading++) {
      BitSet moved = new BitSet();
      Map<String, Difference> now = differences(buckets, moved);
      still.clear();
      boolean open = !moved.isEmpty();
      for (Map.Entry<String, Difference> entry : now.entrySet()) {
        Difference difference = entry.getValue();
        first.putIfAbsent(entry.getKey(), difference);
        // What waits to be stored or indexed is given all the time there is.
        boolean patient = difference.waits() && reading < READINGS;
        Map<String, Difference> earlier = difference.waits() ? first : before;
        Difference then = earlier.get(entry.getKey());
        boolean stands = then != null && then.text().equals(difference.text()) && reading > 1;
        if (stands && !patient) {
          still.put(entry.getKey(), difference);
        } else {
          open = true;
        }
      }
      if (!open) {
        return still;
      }
      before = now;
      if (reading < READINGS) {
        pause.of(BETWEEN_READINGS);
      } else {
        unread.or(moved);
      }
    }
    return still;
  }

  /** The rows of some buckets that differ now; {@code moved} takes the buckets not looked at. */
  private Map<String, Difference> differences(BitSet buckets, BitSet moved) throws SQLException {
    Instant since = floor.get();
    Map<ClusterNode, BitSet> byNode = new HashMap<>();
    Map<String, Difference> differences = new TreeMap<>();
    moved.or(buckets);
    try {
      buckets.stream()
          .forEach(
              bucket ->
                  byNode
                      .computeIfAbsent(
                          caches.affinity().mapPartitionToNode(BucketAffinity.partitionOf(bucket)),
                          _ -> new BitSet())
                      .set(bucket));
      for (Map.Entry<ClusterNode, BitSet> entry : byNode.entrySet()) {
        RevisionsJob.Rows rows =
            ignite
                .compute(ignite.cluster().forNode(entry.getKey()))
                .call(new RevisionsJob(entry.getValue(), since));
        BitSet seen = entry.getValue();
        BitSet stayed = rows.partitions();
        List<Integer> gone =
            seen.stream()
                .filter(bucket -> !stayed.get(BucketAffinity.partitionOf(bucket)))
                .boxed()
                .toList();
        gone.forEach(seen::clear);
        moved.andNot(seen);
        differences.putAll(
            BucketRows.differences(
                rows,
                new BucketRows.Stored(
                    digests.revisions(seen, since), digests.vectorSequences(seen, since)),
                seen));
      }
    } catch (IgniteException e) {
      log.info("a node came or went while rows were compared: {}", e.getMessage());
    }
    return differences;
  }

  private static Report report(
      Round round, Map<String, Difference> differing, BitSet unread, long repaired) {
    Stream<String> gaps =
        unread.isEmpty()
            ? Stream.empty()
            : Stream.of(
                "%d of %d buckets could not be compared: a node comes, goes or does not answer yet"
                    .formatted(unread.cardinality(), PostId.BUCKETS));
    Stream<String> rows = differing.values().stream().map(Difference::text);
    return new Report(
        differing.isEmpty() && unread.isEmpty(),
        round.gridPosts.total(),
        round.storedPosts.total(),
        round.indexed.total(),
        round.gridVectors.total(),
        round.storedVectors.total(),
        differing.size(),
        repaired,
        Stream.concat(gaps, rows).limit(LISTED).toList());
  }

  private long repair(Map<String, Difference> differing) throws SQLException {
    Map<ClusterNode, RepairJob> jobs = new HashMap<>();
    for (Map.Entry<String, Difference> entry : differing.entrySet()) {
      if (entry.getValue().remedy() == Remedy.ADOPT) {
        adoption.adoptByIds(List.of(new PostId(entry.getKey())));
      }
      jobs.computeIfAbsent(caches.affinity().mapKeyToNode(entry.getKey()), _ -> new RepairJob())
          .add(entry.getKey(), entry.getValue().remedy());
    }
    jobs.forEach((node, job) -> ignite.compute(ignite.cluster().forNode(node)).call(job));
    return differing.size();
  }
}
