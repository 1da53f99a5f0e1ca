package io.pulsegrid.node.grid;

import io.pulsegrid.core.grid.Grid;
import io.pulsegrid.core.grid.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import javax.cache.Cache;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cache.CachePeekMode;
import org.apache.ignite.cache.affinity.Affinity;
import org.apache.ignite.cluster.ClusterNode;
import org.jspecify.annotations.Nullable;

/** The nodes of the grid, with what each says of itself. */
public final class NodeDirectory implements Grid {
  /** The replicated cache that holds what each node last said of itself, by node id. */
  public static final String CACHE = "node-state";

  private static final String DRAINED = "drained";

  /** Under this id stands whose turn it is to leave, in place of what a node says of itself. */
  private static final UUID TURN = new UUID(0, 0);

  private final Ignite ignite;
  private final String grid;
  private final IgniteCache<UUID, String> states;

  /**
   * A directory.
   *
   * @param states what each node last said of itself, by node id
   */
  public NodeDirectory(Ignite ignite, String grid, IgniteCache<UUID, String> states) {
    this.ignite = ignite;
    this.grid = grid;
    this.states = states;
  }

  /**
   * Says to all what this node does: {@code starting}, {@code ready} or {@code leaving}. One that
   * is drained leaves, whatever it says.
   */
  public void announce(String state) {
    UUID own = ignite.cluster().localNode().id();
    if (!isDrained(ignite, own)) {
      states.put(own, state);
    }
    forgetTheGone();
  }

  /** Marks a node as one that leaves for good; false if it was marked before. */
  boolean markDrained(UUID node) {
    return !DRAINED.equals(states.getAndPut(node, DRAINED));
  }

  void unmarkDrained(UUID node) {
    states.put(node, "ready");
  }

  /**
   * Takes this node's turn to leave: one node has it, until it is gone.
   *
   * @return whether it is this node's turn now
   */
  boolean takeTurnToLeave() {
    String own = ignite.cluster().localNode().id().toString();
    @Nullable String holder = states.getAndPutIfAbsent(TURN, own);
    if (holder == null || holder.equals(own)) {
      return true;
    }
    boolean gone = ignite.cluster().node(UUID.fromString(holder)) == null;
    return gone && states.replace(TURN, holder, own);
  }

  /** Whether a node leaves for good; never waits, and knows nothing before the cache is there. */
  public static boolean isDrained(Ignite ignite, UUID node) {
    IgniteCache<UUID, String> states = ignite.cache(CACHE);
    return states != null && DRAINED.equals(states.localPeek(node, CachePeekMode.ALL));
  }

  @Override
  public List<Node> nodes() {
    Affinity<String> posts = ignite.affinity("post");
    return ignite.cluster().forServers().nodes().stream()
        .map(node -> node(node, posts))
        .sorted(Comparator.comparing(Node::since).thenComparing(Node::id))
        .toList();
  }

  private Node node(ClusterNode node, Affinity<String> posts) {
    @Nullable String state = states.get(node.id());
    return new Node(
        node.id(),
        Long.parseLong(node.attribute(GridConfiguration.PID_ATTRIBUTE)),
        node.attribute(GridConfiguration.HTTP_ATTRIBUTE),
        grid,
        state == null ? "starting" : state.equals(DRAINED) ? "leaving" : state,
        Instant.ofEpochMilli(node.metrics().getNodeStartTime()),
        posts.primaryPartitions(node).length,
        Boolean.parseBoolean(node.attribute(GridConfiguration.GPU_ATTRIBUTE)));
  }

  /** Nodes that died said nothing last; their ids never come back. */
  private void forgetTheGone() {
    List<UUID> gone = new ArrayList<>();
    for (Cache.Entry<UUID, String> entry : states) {
      if (!entry.getKey().equals(TURN) && ignite.cluster().node(entry.getKey()) == null) {
        gone.add(entry.getKey());
      }
    }
    gone.forEach(states::remove);
  }
}
