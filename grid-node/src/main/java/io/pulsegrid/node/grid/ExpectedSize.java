package io.pulsegrid.node.grid;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** How many nodes the grid should have, as the store keeps it. */
public interface ExpectedSize {
  /** After which silence of its holder a grid of one node is another's to hold. */
  Duration HELD_FOR = Duration.ofSeconds(15);

  /**
   * What stands there now.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code UNAVAILABLE} while the store is
   *     away
   */
  Size read();

  /**
   * Changes it, unless somebody else did since {@code known} was read.
   *
   * @return whether it was changed
   * @throws io.pulsegrid.core.failure.PulsegridException {@code UNAVAILABLE} while the store is
   *     away: then nobody changes it
   */
  boolean change(Size known, int nodes);

  /**
   * Holds the grid for {@code node}, for {@link #HELD_FOR} from now, unless a node holds it that is
   * not among {@code here}. Both go by the store's clock.
   *
   * @param here the consistent ids of the nodes that this one sees
   * @return who holds it instead, if anybody does
   * @throws io.pulsegrid.core.failure.PulsegridException {@code UNAVAILABLE} while the store is
   *     away
   */
  Optional<String> hold(String node, Collection<String> here);

  /**
   * A size that was read.
   *
   * @param version rises with every change
   */
  record Size(int nodes, long version) {
    public Size {
      if (nodes < 1) {
        throw new IllegalArgumentException("a grid has at least one node, was " + nodes);
      }
    }

    /** More than half. */
    public int majority() {
      return nodes / 2 + 1;
    }
  }
}
