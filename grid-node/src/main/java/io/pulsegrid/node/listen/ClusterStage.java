package io.pulsegrid.node.listen;

import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.eq;
import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.gt;
import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.lt;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.compute.cluster.ClusterSettings;
import io.pulsegrid.compute.cluster.Member;
import io.pulsegrid.compute.cluster.Snapshot;
import io.pulsegrid.compute.cluster.TrendClusterer;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.node.grid.IndexedQueue;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.TrendWire;
import io.pulsegrid.node.grid.wire.VectorWire;
import io.pulsegrid.node.store.posts.SavedTrend;
import io.pulsegrid.node.store.posts.TrendStore;
import io.pulsegrid.node.telling.EventSink;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.ignite.Ignite;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * INDEXED to CLUSTERED, by one writer in the whole grid: the primary of one key. Posts are taken in
 * the order of acceptance, never beyond the place up to which every post is known to have come.
 *
 * <p>What survives is the checkpoint in Postgres: trends and the last sequence they have taken in,
 * saved together, after the posts they count are stored. A successor loads it and clusters again
 * whatever came later, to the same result, since the clusterer decides by order alone. The
 * checkpoint is guarded by the writer's epoch, so that one which was cut off cannot save over its
 * successor.
 */
final class ClusterStage implements StageWork {
  private static final Logger log = LoggerFactory.getLogger(ClusterStage.class);
  private static final String WRITER_KEY = "cluster-writer";
  private static final int BATCH = 500;
  private static final int CHECKPOINT_POSTS = 5_000;
  private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(2);

  private final Parts parts;
  private final IndexedQueue<PostWire> stages;
  private final Map<WorkspaceId, TrendClusterer> clusterers = new HashMap<>();
  private final Set<String> unsaved = new HashSet<>();
  private long writerEpoch;
  private long lastSequence;
  private Instant saved;

  /** What the stage works with. */
  record Parts(
      Ignite ignite,
      PostCaches caches,
      String model,
      TrendStore store,
      StoredPosts storedPosts,
      Sequencer sequencer,
      Epochs epochs,
      InstantSource clock,
      EventSink events,
      MeterRegistry meters) {}

  ClusterStage(Parts parts) {
    this.parts = parts;
    stages = new IndexedQueue<>(parts.caches().posts(), PostWire.class, "stage_sequence");
    saved = parts.clock().instant();
  }

  @Override
  public String name() {
    return "cluster";
  }

  @Override
  public boolean work() throws Exception {
    if (!parts
        .ignite()
        .affinity("trend")
        .isPrimary(parts.ignite().cluster().localNode(), WRITER_KEY)) {
      resign();
      return false;
    }
    try {
      if (writerEpoch == 0) {
        succeed();
      }
      boolean more = clusterNext();
      if (unsaved.size() >= CHECKPOINT_POSTS
          || (!unsaved.isEmpty() && (!more || isCheckpointDue()))) {
        checkpoint();
      }
      return more;
    } catch (Exception e) {
      // What is in memory may be ahead of what is saved: begin again from the checkpoint.
      resign();
      throw e;
    }
  }

  private boolean isCheckpointDue() {
    return Duration.between(saved, parts.clock().instant()).compareTo(CHECKPOINT_EVERY) >= 0;
  }

  /** Gives the writing up; whoever takes it up goes on from the checkpoint. */
  void resign() {
    writerEpoch = 0;
    clusterers.clear();
    unsaved.clear();
  }

  /** Becomes the writer: from the stored trends, over whatever came after them. */
  private void succeed() throws SQLException {
    long epoch = parts.epochs().current();
    lastSequence = 0;
    Map<WorkspaceId, Long> taken = new HashMap<>();
    for (WorkspaceId workspace : parts.store().workspaces()) {
      TrendStore.Claim claim = parts.store().claim(workspace, epoch, parts.model());
      taken.put(workspace, claim.lastSequence());
      lastSequence = Math.max(lastSequence, claim.lastSequence());
      clusterers.put(workspace, restored(workspace, claim));
    }
    // Each workspace is saved by itself: a crash between two leaves one behind the other.
    long behind = taken.values().stream().mapToLong(Long::longValue).min().orElse(0);
    Map<String, PostWire> again =
        stages.everywhere(
            Integer.MAX_VALUE, eq("stage", Stage.CLUSTERED.rank()), gt("sequence", behind));
    again
        .values()
        .removeIf(
            post -> post.sequence() <= taken.getOrDefault(new WorkspaceId(post.workspace()), 0L));
    Map<String, PostChange.Unclustered> changes = new TreeMap<>();
    again.forEach(
        (id, post) -> changes.put(id, new PostChange.Unclustered(post.sequence(), epoch)));
    parts.caches().posts().invokeAll(changes);
    writerEpoch = epoch;
    if (!again.isEmpty()) {
      log.info(
          "clusters from sequence {} on; {} posts are clustered again", lastSequence, again.size());
    }
  }

  private TrendClusterer restored(WorkspaceId workspace, TrendStore.Claim claim)
      throws SQLException {
    TrendClusterer clusterer = new TrendClusterer(workspace, ClusterSettings.STANDARD);
    Map<String, TrendWire> live = new HashMap<>();
    parts
        .store()
        .load(
            workspace,
            saved -> {
              // Vectors of two models are never compared: another model's trends stay as they are.
              if (claim.sameModel() && saved.working().length > 0) {
                clusterer.restore(new Snapshot(saved.trend(), saved.working(), saved.aliases()));
              }
              live.put(saved.trend().id().value(), TrendWire.of(saved.trend()));
            });
    parts.caches().trends().putAll(live);
    return clusterer;
  }

  private TrendClusterer clusterer(WorkspaceId workspace) throws SQLException {
    TrendClusterer known = clusterers.get(workspace);
    if (known == null) {
      known = restored(workspace, parts.store().claim(workspace, writerEpoch, parts.model()));
      clusterers.put(workspace, known);
    }
    return known;
  }

  private boolean clusterNext() throws SQLException {
    // In this order: a post only moves forward, so what is not seen here is seen further on.
    long complete = parts.sequencer().watermark();
    complete = Math.min(complete, firstAt(Stage.COLLECTED));
    complete = Math.min(complete, firstAt(Stage.EMBEDDED));
    Map<String, PostWire> posts =
        stages.everywhere(BATCH, eq("stage", Stage.INDEXED.rank()), lt("sequence", complete));
    if (posts.isEmpty()) {
      return false;
    }
    Map<String, VectorWire> vectors =
        parts.caches().vectors().getAll(new TreeSet<>(posts.keySet()));
    Map<String, PostChange.Clustered> changes = new TreeMap<>();
    long epoch = parts.epochs().current();
    for (Map.Entry<String, PostWire> entry : posts.entrySet()) {
      Post post = entry.getValue().post(new PostId(entry.getKey()));
      TrendId trend = clusterer(post.workspace()).add(member(post, vectors.get(entry.getKey())));
      changes.put(
          entry.getKey(),
          new PostChange.Clustered(post.progress().sequence(), trend.value(), writerEpoch, epoch));
      lastSequence = Math.max(lastSequence, post.progress().sequence());
    }
    parts.caches().posts().invokeAll(changes);
    unsaved.addAll(changes.keySet());
    parts.meters().counter("pulsegrid.clustered").increment(changes.size());
    return posts.size() == BATCH;
  }

  private long firstAt(Stage stage) {
    return stages.everywhere(1, eq("stage", stage.rank())).values().stream()
        .mapToLong(PostWire::sequence)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  private static Member member(Post post, @Nullable VectorWire vector) {
    Engagement counts = post.engagement();
    return new Member(
        post.id(),
        post.progress().sequence(),
        post.publishedAt(),
        post.content().platform(),
        post.content().wording(),
        vector == null ? null : vector.vector(),
        post.progress().duplicateOf(),
        counts.likes() + counts.comments() + counts.shares());
  }

  private void checkpoint() throws SQLException {
    // First the posts, then what counts them: a crash between leaves posts that are clustered
    // beyond the checkpoint, which is mended by clustering them again.
    parts.storedPosts().ensureStored(unsaved);
    for (Map.Entry<WorkspaceId, TrendClusterer> entry : clusterers.entrySet()) {
      List<SavedTrend> trends = new ArrayList<>();
      for (Snapshot snapshot : entry.getValue().drainTouched()) {
        trends.add(new SavedTrend(snapshot.trend(), snapshot.state(), snapshot.aliases()));
      }
      parts.store().save(entry.getKey(), writerEpoch, lastSequence, trends);
      publish(entry.getKey(), trends);
    }
    unsaved.clear();
    saved = parts.clock().instant();
  }

  private void publish(WorkspaceId workspace, List<SavedTrend> trends) {
    Map<String, TrendWire> live = new TreeMap<>();
    Set<String> merged = new TreeSet<>();
    for (SavedTrend trend : trends) {
      live.put(trend.trend().id().value(), TrendWire.of(trend.trend()));
      trend.aliases().forEach(alias -> merged.add(alias.value()));
      if (trend.trend().postCount() > 1) {
        parts.events().tell(workspace, new Event.Subject.OfTrend(trend.trend()));
      }
    }
    parts.caches().trends().putAll(live);
    parts.caches().trends().removeAll(merged);
  }
}
