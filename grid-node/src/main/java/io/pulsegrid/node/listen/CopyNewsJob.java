package io.pulsegrid.node.listen;

import io.pulsegrid.node.grid.wire.Revision;
import java.util.HashMap;
import java.util.Map;

/** Tells a node that holds copies of posts which of them its index should look at. */
final class CopyNewsJob extends NodeJob<Boolean> {
  private static final long serialVersionUID = 1L;

  private final Map<String, long[]> revisions = new HashMap<>();

  void add(String id, Revision revision) {
    revisions.put(id, new long[] {revision.epoch(), revision.number()});
  }

  @Override
  Boolean run(LocalNode node) {
    Map<String, Revision> told = new HashMap<>();
    revisions.forEach((id, pair) -> told.put(id, new Revision(pair[0], pair[1])));
    node.news().tell(told);
    return true;
  }
}
