package io.pulsegrid.node.listen;

import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.eq;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.compute.text.Fingerprint;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.node.grid.IndexedQueue;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.VectorWire;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** COLLECTED to EMBEDDED: finds near-duplicates, and embeds what is none of them. */
final class EmbedStage implements StageWork {
  private static final int BATCH = 256;

  private final PostCaches caches;
  private final Embedder embedder;
  private final Epochs epochs;
  private final MeterRegistry meters;
  private final IndexedQueue<PostWire> stages;
  private final Originals originals;

  EmbedStage(PostCaches caches, Embedder embedder, Epochs epochs, MeterRegistry meters) {
    this.caches = caches;
    this.embedder = embedder;
    this.epochs = epochs;
    this.meters = meters;
    originals = new Originals(caches);
    stages = new IndexedQueue<>(caches.posts(), PostWire.class, "stage_sequence");
  }

  @Override
  public String name() {
    return "embed";
  }

  @Override
  public boolean work() {
    Map<String, PostWire> posts = stages.local(BATCH, eq("stage", Stage.COLLECTED.rank()));
    if (posts.isEmpty()) {
      return false;
    }
    Map<String, String> found = originals.claim(posts);
    meters.counter("pulsegrid.duplicates").increment(found.size());
    embed(posts, found);
    // A crash here leaves vectors without their posts' new stage: the posts are embedded again.
    Map<String, PostChange.Embedded> changes = new TreeMap<>();
    posts.forEach(
        (id, post) ->
            changes.put(
                id,
                new PostChange.Embedded(
                    post.sequence(),
                    Fingerprint.of(post.content().wording()).orElse(null),
                    found.get(id),
                    epochs.current())));
    caches.posts().invokeAll(changes);
    forgetWhatIsGone(changes.keySet());
    return posts.size() == BATCH;
  }

  private void embed(Map<String, PostWire> posts, Map<String, String> originals) {
    Map<String, VectorWire> there = caches.vectors().getAll(new TreeSet<>(posts.keySet()));
    List<Map.Entry<String, PostWire>> lacking =
        posts.entrySet().stream()
            // One that repeats another needs none, but must not keep that of an earlier wording.
            .filter(e -> !originals.containsKey(e.getKey()) || there.containsKey(e.getKey()))
            .filter(e -> !isCurrent(there.get(e.getKey()), e.getValue()))
            .toList();
    if (lacking.isEmpty()) {
      return;
    }
    List<float[]> vectors =
        embedder.embed(lacking.stream().map(e -> e.getValue().content().wording()).toList());
    Map<String, VectorWire> wires = new TreeMap<>();
    for (int i = 0; i < lacking.size(); i++) {
      long sequence = lacking.get(i).getValue().sequence();
      wires.put(
          lacking.get(i).getKey(), VectorWire.of(embedder.model(), vectors.get(i), sequence, true));
    }
    caches.vectors().putAll(wires);
    meters.counter("pulsegrid.embedded").increment(lacking.size());
  }

  /** A post that was dropped while it was being embedded leaves no vector behind. */
  private void forgetWhatIsGone(Set<String> ids) {
    Set<String> gone = new TreeSet<>(ids);
    gone.removeAll(caches.posts().getAll(ids).keySet());
    caches.vectors().removeAll(gone);
  }

  /** Whether a vector was made from this very wording by this very model. */
  private boolean isCurrent(@Nullable VectorWire vector, PostWire post) {
    return vector != null
        && vector.model().equals(embedder.model())
        && vector.sequence() == post.sequence();
  }
}
