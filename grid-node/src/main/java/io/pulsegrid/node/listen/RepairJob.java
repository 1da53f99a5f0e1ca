package io.pulsegrid.node.listen;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.VectorWire;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Mends posts on their node: what the grid has is stored and indexed again. */
final class RepairJob extends NodeJob<Integer> {
  private static final long serialVersionUID = 1L;

  private final List<String> mistrusted;
  private final List<String> notInGrid;

  /**
   * @param mistrusted in the grid, but Postgres or the index has it otherwise
   * @param notInGrid in the index only
   */
  RepairJob(List<String> mistrusted, List<String> notInGrid) {
    this.mistrusted = new ArrayList<>(mistrusted);
    this.notInGrid = new ArrayList<>(notInGrid);
  }

  @Override
  Integer run(LocalNode node) {
    TreeMap<String, PostChange.Mistrusted> changes = new TreeMap<>();
    mistrusted.forEach(id -> changes.put(id, new PostChange.Mistrusted(node.epochs().current())));
    node.caches().posts().invokeAll(changes);
    TreeMap<String, VectorWire.Mistrusted> vectors = new TreeMap<>();
    mistrusted.forEach(id -> vectors.put(id, new VectorWire.Mistrusted()));
    node.caches().vectors().invokeAll(vectors);
    node.index().delete(notInGrid.stream().map(PostId::new).toList());
    return mistrusted.size() + notInGrid.size();
  }
}
