package io.pulsegrid.node.listen;

import io.pulsegrid.node.grid.wire.PostWire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.ignite.cache.CachePeekMode;

/** Reads some posts from the copies that a node holds, primary or not, and from nowhere else. */
final class CopiesJob extends NodeJob<Map<String, PostWire>> {
  private static final long serialVersionUID = 1L;

  private final List<String> ids;

  CopiesJob(Collection<String> ids) {
    this.ids = new ArrayList<>(ids);
  }

  @Override
  Map<String, PostWire> run(LocalNode node) {
    Map<String, PostWire> copies = new HashMap<>();
    for (String id : ids) {
      PostWire copy =
          node.caches().posts().localPeek(id, CachePeekMode.PRIMARY, CachePeekMode.BACKUP);
      if (copy != null) {
        copies.put(id, copy);
      }
    }
    return copies;
  }
}
