package io.pulsegrid.node.grid;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.plugin.CacheTopologyValidatorProvider;
import org.apache.ignite.plugin.ExtensionRegistry;
import org.apache.ignite.plugin.PluginContext;
import org.apache.ignite.plugin.PluginValidationException;
import org.jspecify.annotations.Nullable;

/**
 * Our rules inside Ignite: who may join, and when caches may be written. Ignite asks the oldest
 * node before it lets another in, so a stranger never sees data.
 */
public final class GridPlugin extends QuietPlugin {
  /** The node attribute that holds the grid's name. */
  public static final String NAME_ATTRIBUTE = "pulsegrid.name";

  /** The node attribute that holds the id of the node's store. */
  public static final String STORE_ATTRIBUTE = "pulsegrid.store";

  /** The node attribute that holds the fingerprint of the node's credential key. */
  public static final String KEY_ATTRIBUTE = "pulsegrid.key";

  /** Stands at the beginning of what a node that is turned away is told. */
  static final String TURNED_AWAY = "the grid turned this node away: ";

  /** What a node must share with the grid; what is told first explains the most. */
  private static final List<Shared> SHARED =
      List.of(
          new Shared(NAME_ATTRIBUTE, "pulsegrid.grid.name", "set the same on all nodes"),
          new Shared(STORE_ATTRIBUTE, "store", "set the same pulsegrid.store.url on all nodes"),
          new Shared(
              KEY_ATTRIBUTE, "credential key", "copy credentials.key from a node of the grid"));

  /** A node's attribute, how a person calls it, and what to do where it differs. */
  private record Shared(String attribute, String name, String remedy) {}

  private final Membership membership;
  private final Map<String, ?> own;

  /**
   * The rules of one node.
   *
   * @param own the attributes that it joins with
   */
  public GridPlugin(Membership membership, Map<String, ?> own) {
    super("pulsegrid");
    this.membership = membership;
    this.own = Map.copyOf(own);
  }

  @Override
  public void validateNewNode(ClusterNode node, @Nullable Serializable data) {
    for (Shared shared : SHARED) {
      Object ours = own.get(shared.attribute());
      Object theirs = node.attribute(shared.attribute());
      if (!Objects.equals(ours, theirs)) {
        String what = "its " + shared.name() + " is " + theirs + ", the grid's is " + ours;
        throw new PluginValidationException(
            "turned a node away, " + what + ": " + node.addresses(),
            TURNED_AWAY + what + "; " + shared.remedy(),
            node.id());
      }
    }
  }

  /** Why a grid did not let a node in; empty where it failed to start for another reason. */
  public static Optional<String> turnedAway(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String message = String.valueOf(at.getMessage());
      int mark = message.indexOf(TURNED_AWAY);
      if (mark >= 0) {
        return Optional.of(message.substring(mark).lines().findFirst().orElse(message));
      }
    }
    return Optional.empty();
  }

  @Override
  public void initExtensions(PluginContext context, ExtensionRegistry registry) {
    var quorum = new Quorum(membership);
    registry.registerExtension(CacheTopologyValidatorProvider.class, _ -> quorum);
  }
}
