package io.pulsegrid.node.listen;

import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.eq;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.node.grid.IndexedQueue;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.PostWire.Staleness;
import io.pulsegrid.node.grid.wire.VectorWire;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** EMBEDDED to INDEXED, and whatever changed of a post since: keeps this node's index true. */
final class IndexStage implements StageWork {
  private static final int BATCH = 500;
  private static final Duration COMMIT_EVERY = Duration.ofSeconds(10);

  private final PostCaches caches;
  private final PostIndex index;
  private final InstantSource clock;
  private final IndexedQueue<PostWire> stages;
  private final IndexedQueue<PostWire> stale;
  private Instant committed;
  private boolean uncommitted;

  IndexStage(PostCaches caches, PostIndex index, InstantSource clock, MeterRegistry meters) {
    this.caches = caches;
    this.index = index;
    this.clock = clock;
    stages = new IndexedQueue<>(caches.posts(), PostWire.class, "stage_sequence");
    stale = new IndexedQueue<>(caches.posts(), PostWire.class, "stale");
    committed = clock.instant();
    meters.gauge("pulsegrid.index.posts", index, PostIndex::size);
  }

  @Override
  public String name() {
    return "index";
  }

  @Override
  public boolean work() {
    Map<String, PostWire> whole = stages.local(BATCH, eq("stage", Stage.EMBEDDED.rank()));
    whole.putAll(stale.local(BATCH, eq("stale", Staleness.WHOLE.rank())));
    Map<String, PostWire> values = stale.local(BATCH, eq("stale", Staleness.VALUES.rank()));
    values.keySet().removeAll(whole.keySet());
    if (whole.isEmpty() && values.isEmpty()) {
      commitWhenDue();
      return false;
    }
    put(whole);
    touch(values);
    index.refresh();
    uncommitted = true;
    // A crash here, or before the next commit, loses what the index was given: the node compares
    // revisions when it starts, and adds it again.
    Map<String, PostChange.Indexed> changes = new TreeMap<>();
    whole.forEach((id, post) -> changes.put(id, new PostChange.Indexed(post.revision())));
    values.forEach((id, post) -> changes.put(id, new PostChange.Indexed(post.revision())));
    caches.posts().invokeAll(changes);
    forgetWhatIsGone(changes.keySet());
    commitWhenDue();
    return whole.size() >= BATCH || values.size() >= BATCH;
  }

  private void put(Map<String, PostWire> posts) {
    if (posts.isEmpty()) {
      return;
    }
    // A near-duplicate has the vector of the post it repeats, as long as that one is here.
    Set<String> wanted = new HashSet<>(posts.keySet());
    posts.values().stream()
        .map(PostWire::duplicateOf)
        .filter(original -> original != null)
        .forEach(wanted::add);
    Map<String, VectorWire> vectors = caches.vectors().getAll(wanted);
    List<PostIndex.Entry> entries = new ArrayList<>(posts.size());
    posts.forEach(
        (id, post) -> {
          @Nullable VectorWire vector = vectors.get(id);
          String original = post.duplicateOf();
          if (vector == null && original != null) {
            vector = vectors.get(original);
          }
          entries.add(
              new PostIndex.Entry(
                  post.post(new PostId(id)),
                  post.revision().epoch(),
                  post.revision().number(),
                  vector == null ? null : vector.vector()));
        });
    index.put(entries);
  }

  private void touch(Map<String, PostWire> posts) {
    if (posts.isEmpty()) {
      return;
    }
    List<PostIndex.Touch> touches = new ArrayList<>(posts.size());
    posts.forEach(
        (id, wire) -> {
          Post post = wire.post(new PostId(id));
          @Nullable TrendId trend = post.progress().trendId();
          touches.add(
              new PostIndex.Touch(
                  post.id(),
                  trend,
                  post.engagement().likes(),
                  wire.revision().epoch(),
                  wire.revision().number()));
        });
    index.touch(touches);
  }

  /** A post that was dropped while it was being indexed leaves the index again. */
  private void forgetWhatIsGone(Set<String> ids) {
    Set<String> gone = new HashSet<>(ids);
    gone.removeAll(caches.posts().getAll(ids).keySet());
    if (!gone.isEmpty()) {
      index.delete(gone.stream().map(PostId::new).toList());
    }
  }

  private void commitWhenDue() {
    Instant now = clock.instant();
    if (uncommitted && Duration.between(committed, now).compareTo(COMMIT_EVERY) >= 0) {
      index.commit();
      committed = now;
      uncommitted = false;
    }
  }
}
