package io.pulsegrid.node.listen;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.VectorWire;
import io.pulsegrid.node.listen.BucketRows.Remedy;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Mends posts on their node. */
final class RepairJob extends NodeJob<Boolean> {
  private static final long serialVersionUID = 1L;

  private final List<String> mistrusted = new ArrayList<>();
  private final List<String> notInGrid = new ArrayList<>();
  private final List<String> perhapsWithoutVector = new ArrayList<>();

  void add(String id, Remedy remedy) {
    switch (remedy) {
      case STORE_AGAIN -> mistrusted.add(id);
      case FORGET -> notInGrid.add(id);
      // What was taken over from the store may have come without the vector it needs.
      case ADOPT, EMBED -> perhapsWithoutVector.add(id);
    }
  }

  @Override
  Boolean run(LocalNode node) {
    TreeMap<String, PostChange.Mistrusted> changes = new TreeMap<>();
    mistrusted.forEach(id -> changes.put(id, new PostChange.Mistrusted(node.epochs().current())));
    node.caches().posts().invokeAll(changes);
    TreeMap<String, VectorWire.Mistrusted> vectors = new TreeMap<>();
    mistrusted.forEach(id -> vectors.put(id, new VectorWire.Mistrusted()));
    node.caches().vectors().invokeAll(vectors);
    node.index().delete(notInGrid.stream().map(PostId::new).toList());
    TreeSet<String> lacking = new TreeSet<>(perhapsWithoutVector);
    lacking.removeAll(node.caches().vectors().getAll(lacking).keySet());
    node.caches()
        .posts()
        .getAll(lacking)
        .forEach(
            (id, post) -> {
              if (post.stage() != Stage.COLLECTED && post.duplicateOf() == null) {
                node.reembed().later(id);
              }
            });
    return true;
  }
}
