package io.pulsegrid.node.listen;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.grid.DataRegion;
import io.pulsegrid.node.store.posts.StoredParts;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Since when the grid holds posts, where its memory has no room for all that are hot: the newest of
 * them that fit. The oldest node decides it for all, before any node loads; it rises when fewer
 * nodes have to load again, and is decided anew when every node has stopped. Decided on one thread,
 * asked on any.
 */
final class Room {
  private static final Logger log = LoggerFactory.getLogger(Room.class);
  private static final String SINCE = "held-since-millis";
  private static final String NODES = "held-by-nodes";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

  /** What is loaded may take up so much of the memory: there must be room to work on it. */
  private static final double LOADED = 0.78;

  /** Nothing more is loaded from here on: beyond the end of its memory a node dies. */
  private static final double BRAKE = 0.94;

  /** What a post takes up without its texts and without its vector, as measured. */
  private static final int POST_BYTES = 850;

  /** What the vector of a post takes up, as measured. */
  private static final int VECTOR_BYTES = 1_700;

  /** What a byte of text takes up, with what stays empty of a page. */
  private static final double TEXT = 1.25;

  /** What a grid without any post takes up. */
  private static final long EMPTY_BYTES = 26L << 20;

  /** Nodes that start together come one after the other: so long no other may have come. */
  private static final Duration OTHERS_COME = Duration.ofSeconds(10);

  private final Ignite ignite;
  private final IgniteCache<String, Long> facts;
  private final DataRegion region;
  private final StoredParts store;
  private final int copies;
  private long topology;
  private long topologySinceNanos;
  private volatile long leftOut;

  /**
   * The room that a grid has.
   *
   * @param facts the grid's own small facts
   * @param copies how many nodes have each post
   */
  Room(
      Ignite ignite,
      IgniteCache<String, Long> facts,
      DataRegion region,
      StoredParts store,
      int copies,
      MeterRegistry meters) {
    this.ignite = ignite;
    this.facts = facts;
    this.region = region;
    this.store = store;
    this.copies = copies;
    meters.gauge("pulsegrid.reload.left.out", this, room -> room.leftOut);
  }

  /** The moment since when posts are held; the beginning of time where all that are hot fit. */
  Instant since() {
    Long since = facts.get(SINCE);
    return since == null ? Instant.EPOCH : Instant.ofEpochMilli(since);
  }

  /** Whether it is decided for the nodes that are here now, or for fewer. */
  boolean isDecided() {
    Long nodes = facts.get(NODES);
    return nodes != null && nodes <= nodes();
  }

  /**
   * Decides it; on the oldest node only.
   *
   * @param hot what was collected before is not held anyway
   */
  void decide(Instant hot) throws SQLException {
    Instant floor = later(hot, since());
    StoredParts.Weight weight = store.weigh(floor);
    int nodes = nodes();
    double each = POST_BYTES + TEXT * weight.textBytes() + weight.withVector() * VECTOR_BYTES;
    // A crash before the second fact has the next oldest node decide again.
    long fit = (long) (free() * nodes / Math.min(copies, nodes) / each);
    if (fit >= weight.posts()) {
      leftOut = 0;
    } else if (othersMayCome()) {
      return;
    } else {
      leaveOut(weight, floor, fit, nodes);
    }
    facts.put(NODES, (long) nodes);
  }

  private void leaveOut(StoredParts.Weight weight, Instant floor, long fit, int nodes)
      throws SQLException {
    Instant since = store.sinceOfNewest(floor, fit);
    leftOut = weight.posts() - fit;
    facts.put(SINCE, since.toEpochMilli());
    log.warn(
        "{} of {} posts do not fit into the memory of {} nodes with pulsegrid.grid.region-mb={}:"
            + " those collected before {} are answered from Postgres alone and not found by a"
            + " search; raise pulsegrid.grid.region-mb or add nodes, then stop and start all nodes",
        leftOut,
        weight.posts(),
        nodes,
        region.maxBytes() >> 20,
        since);
  }

  /**
   * Looks whether more may be loaded here.
   *
   * @throws PulsegridException {@code UNAVAILABLE} when it would be the end of this node
   */
  void requireRoom() {
    if (region.usedBytes() > BRAKE * region.maxBytes()) {
      throw PulsegridException.unavailable(
          "the posts of the last pulsegrid.grid.hot do not fit into this node's memory of"
              + " pulsegrid.grid.region-mb=%d; raise it, lower pulsegrid.grid.hot, or add a node"
                  .formatted(region.maxBytes() >> 20),
          RETRY_AFTER);
    }
  }

  private double free() {
    return Math.max(0, LOADED * region.maxBytes() - EMPTY_BYTES);
  }

  private boolean othersMayCome() {
    long now = System.nanoTime();
    if (topology != ignite.cluster().topologyVersion()) {
      topology = ignite.cluster().topologyVersion();
      topologySinceNanos = now;
    }
    return now - topologySinceNanos < OTHERS_COME.toNanos();
  }

  private int nodes() {
    return ignite.cluster().forServers().nodes().size();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
