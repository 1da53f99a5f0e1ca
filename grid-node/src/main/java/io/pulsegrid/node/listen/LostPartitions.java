package io.pulsegrid.node.listen;

import io.pulsegrid.node.store.posts.PostStore;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.IgniteCluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the oldest node does when more nodes died at once than there are copies: until it is done,
 * Ignite refuses every operation on the partitions that were lost.
 *
 * <p>Each cache may then be read as empty, because it is no cache's truth:
 *
 * <ul>
 *   <li>posts and vectors are marked to be loaded again, before; until they are, whoever misses a
 *       post asks Postgres, and what works through all posts in order waits ({@link Reload});
 *   <li>originals are told again by the posts that are loaded or still there;
 *   <li>the order of acceptance refuses to go on until it is told from where;
 *   <li>trends are looked up in Postgres, limits are rebuilt from it, deliveries are found by the
 *       sweep.
 * </ul>
 *
 * <p>A node that dies in the middle leaves its intention behind; the next oldest begins again.
 */
final class LostPartitions {
  private static final Logger log = LoggerFactory.getLogger(LostPartitions.class);
  private static final String RESETTING = "resetting";

  /** Beyond every place that a node which died may have had reserved. */
  private static final long LEAP = 1L << 20;

  private final Ignite ignite;
  private final IgniteCache<String, Long> facts;
  private final PartitionMarks marks;
  private final Sequencer sequencer;
  private final PostStore store;

  LostPartitions(
      Ignite ignite,
      IgniteCache<String, Long> facts,
      PartitionMarks marks,
      Sequencer sequencer,
      PostStore store) {
    this.ignite = ignite;
    this.facts = facts;
    this.marks = marks;
    this.sequencer = sequencer;
    this.store = store;
  }

  /** Does what is to be done, if this is the node to do it. */
  void tend() throws SQLException {
    if (!isOldest()) {
      return;
    }
    reset();
    if (!sequencer.hasStarted()) {
      sequencer.startAfter(highestPlace());
    }
  }

  /** Whether what only one node may do is this one's to do. */
  boolean isOldest() {
    return ignite.cluster().forServers().forOldest().node().isLocal();
  }

  /** Which nodes there are, as a number that rises with every change of them. */
  long topology() {
    return ignite.cluster().topologyVersion();
  }

  /** The caches of which partitions are lost and not yet reset, as this node knows it. */
  Set<String> lossy() {
    Set<String> lossy = new TreeSet<>();
    for (String name : ignite.cacheNames()) {
      if (!lost(name).isEmpty()) {
        lossy.add(name);
      }
    }
    return lossy;
  }

  private void reset() {
    Set<String> lossy = lossy();
    Set<String> notes = new TreeSet<>(lossy);
    notes.retainAll(Set.of(facts.getName(), Reload.MARKS));
    if (!notes.isEmpty()) {
      // What was written down of loads and intentions is lost as well: everything is loaded again.
      ignite.resetLostPartitions(notes);
      facts.put(RESETTING, ignite.cluster().topologyVersion());
    }
    if (facts.containsKey(RESETTING)) {
      marks.demandAll();
      facts.remove(RESETTING);
    }
    lossy.removeAll(notes);
    if (lossy.isEmpty()) {
      return;
    }
    long topology = ignite.cluster().topologyVersion();
    // A crash after this has the next oldest node demand everything.
    facts.put(RESETTING, topology);
    Set<Integer> posts = new TreeSet<>(lost("post"));
    posts.addAll(lost("vector"));
    if (lossy.contains("original")) {
      marks.demandAll();
    } else {
      marks.demand(posts);
    }
    log.warn(
        "more nodes died than there are copies: partitions of {} were lost; {} partitions of posts"
            + " are loaded from Postgres again",
        lossy,
        posts.size());
    takeTheDeadOut();
    ignite.resetLostPartitions(lossy);
    if (ignite.cluster().topologyVersion() == topology) {
      facts.remove(RESETTING);
    }
    // Otherwise more may have been lost and reset unseen: the next round demands everything.
  }

  /**
   * The baseline follows the nodes by itself, but not while anything is lost; and as long as the
   * dead are in it, what only they had belongs to nobody.
   */
  private void takeTheDeadOut() {
    IgniteCluster cluster = ignite.cluster();
    // A crash in between leaves it switched off; the next node that starts switches it on.
    cluster.baselineAutoAdjustEnabled(false);
    cluster.setBaselineTopology(cluster.topologyVersion());
    cluster.baselineAutoAdjustEnabled(true);
  }

  private Collection<Integer> lost(String cache) {
    IgniteCache<?, ?> opened = ignite.cache(cache);
    return opened == null ? Set.of() : opened.lostPartitions();
  }

  /** The highest place that anyone may have been given, in the store or on a living node. */
  private long highestPlace() throws SQLException {
    long inGrid = 0;
    for (Long highest :
        ignite.compute(ignite.cluster().forServers()).broadcast(new HighestPlaceJob())) {
      inGrid = Math.max(inGrid, highest);
    }
    long inStore = store.highestSequence();
    return inGrid == 0 ? inStore : Math.max(inGrid, inStore) + LEAP;
  }
}
