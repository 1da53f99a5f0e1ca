package io.pulsegrid.node.listen;

import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.VectorWire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds again what another model embedded. Until its turn comes a post is found by its words
 * alone; a crash forgets the queue, and the next start finds the same rows with the other model's
 * vectors.
 */
final class ReembedStage implements StageWork {
  private static final Logger log = LoggerFactory.getLogger(ReembedStage.class);
  private static final int BATCH = 256;

  private final PostCaches caches;
  private final Embedder embedder;
  private final Epochs epochs;
  private final Queue<String> waiting = new ConcurrentLinkedQueue<>();

  ReembedStage(PostCaches caches, Embedder embedder, Epochs epochs) {
    this.caches = caches;
    this.embedder = embedder;
    this.epochs = epochs;
  }

  /** Whether a vector is of the model that embeds now. */
  boolean isCurrent(VectorWire vector) {
    return vector.model().equals(embedder.model());
  }

  /** Has a post embedded again, some time soon. */
  void later(String id) {
    waiting.add(id);
  }

  @Override
  public String name() {
    return "reembed";
  }

  @Override
  public boolean work() {
    TreeSet<String> ids = new TreeSet<>();
    waiting.stream().limit(BATCH).forEach(ids::add);
    if (ids.isEmpty()) {
      return false;
    }
    Map<String, PostWire> posts = new TreeMap<>(caches.posts().getAll(ids));
    List<float[]> vectors =
        embedder.embed(posts.values().stream().map(p -> p.content().wording()).toList());
    Map<String, VectorWire> wires = new TreeMap<>();
    Map<String, PostChange.Reembedded> changes = new TreeMap<>();
    List<Map.Entry<String, PostWire>> order = new ArrayList<>(posts.entrySet());
    for (int i = 0; i < order.size(); i++) {
      String id = order.get(i).getKey();
      long sequence = order.get(i).getValue().sequence();
      wires.put(id, VectorWire.of(embedder.model(), vectors.get(i), sequence, true));
      changes.put(id, new PostChange.Reembedded(epochs.current()));
    }
    caches.vectors().putAll(wires);
    caches.posts().invokeAll(changes);
    waiting.removeIf(ids::contains);
    if (waiting.isEmpty()) {
      log.info("every post is embedded by {} now", embedder.model());
    }
    return true;
  }
}
