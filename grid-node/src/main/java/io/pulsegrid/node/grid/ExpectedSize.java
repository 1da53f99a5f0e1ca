package io.pulsegrid.node.grid;

/** How many nodes the grid should have, as the store keeps it. */
public interface ExpectedSize {
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
