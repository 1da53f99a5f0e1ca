package io.pulsegrid.node.listen;

import java.util.BitSet;

/** Asks a node for which partitions its index is complete. */
final class IndexedJob extends NodeJob<long[]> {
  private static final long serialVersionUID = 1L;

  @Override
  long[] run(LocalNode node) {
    return node.partitions().complete().toLongArray();
  }

  static BitSet partitions(long[] answer) {
    return BitSet.valueOf(answer);
  }
}
