package io.pulsegrid.node.listen;

import io.pulsegrid.compute.cluster.ClusterSettings;
import io.pulsegrid.compute.cluster.Member;
import io.pulsegrid.compute.cluster.Move;
import io.pulsegrid.compute.cluster.Snapshot;
import io.pulsegrid.compute.cluster.TrendClusterer;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostSplit;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.TrendWire;
import io.pulsegrid.node.grid.wire.VectorWire;
import io.pulsegrid.node.store.posts.SavedTrend;
import io.pulsegrid.node.store.posts.TrendStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One term of office of the clustering writer: from the stored checkpoint, over all that came
 * later, until the node is no longer the one to write, or something fails. What is in memory is
 * then dropped, and the next office begins from the checkpoint again. For one thread.
 */
final class TrendWriter {
  private static final Logger log = LoggerFactory.getLogger(TrendWriter.class);
  private static final int BATCH = 500;
  private static final int STRAYS = 10_000;
  private static final int FORGOTTEN_AT_A_TIME = 2_000;
  private static final int CHECKPOINT_POSTS = 5_000;
  private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(2);

  private final ClusterStage.Parts parts;
  private final TrendStore.Office office;
  private final ClusterQueue queue;
  private final Originals originals;
  private final Map<WorkspaceId, TrendClusterer> clusterers = new HashMap<>();

  /** The place up to which the store had each workspace when this office began. */
  private final Map<WorkspaceId, Long> marks = new HashMap<>();

  private final Set<String> unsaved = new HashSet<>();

  /** The place up to which this office has taken in everything. */
  private long taken;

  private Instant saved;
  private Instant forgetAt;

  private TrendWriter(ClusterStage.Parts parts, TrendStore.Office office) {
    this.parts = parts;
    this.office = office;
    originals = new Originals(parts.caches());
    queue = new ClusterQueue(parts.ignite(), parts.sequencer());
    saved = parts.clock().instant();
    forgetAt = saved;
  }

  /** Becomes the writer, with all that is stored. */
  static TrendWriter takeOffice(ClusterStage.Parts parts) throws SQLException {
    TrendWriter writer = new TrendWriter(parts, parts.store().nextOffice(parts.epochs().current()));
    for (WorkspaceId workspace : parts.store().workspaces()) {
      TrendClusterer _ = writer.clusterer(workspace);
    }
    // Each workspace is saved by itself: a crash between two leaves one behind the other.
    writer.taken = writer.marks.values().stream().mapToLong(Long::longValue).min().orElse(0);
    writer.followSplits();
    log.debug("clusters from place {} on, in office {}", writer.taken, writer.office.number());
    return writer;
  }

  /** Clusters one batch of posts and saves when that is due; whether there is more. */
  boolean work() throws SQLException {
    boolean more = clusterNext();
    if (unsaved.size() >= CHECKPOINT_POSTS
        || (!unsaved.isEmpty() && (!more || isDue(saved.plus(CHECKPOINT_EVERY))))) {
      checkpoint();
    }
    if (unsaved.isEmpty() && isDue(forgetAt)) {
      forget();
    }
    return more;
  }

  private boolean isDue(Instant when) {
    return !parts.clock().instant().isBefore(when);
  }

  private boolean clusterNext() throws SQLException {
    boolean catchingUp = marks.values().stream().anyMatch(mark -> mark > taken);
    Optional<ClusterQueue.Waiting> seen =
        queue.look(taken, BATCH, catchingUp ? Integer.MAX_VALUE : STRAYS);
    if (seen.isEmpty()) {
      return false;
    }
    ClusterQueue.Waiting waiting = seen.get();
    if (takeBack(waiting.strays())) {
      return true;
    }
    Map<String, PostWire> late = new LinkedHashMap<>();
    Map<String, PostWire> posts = new LinkedHashMap<>();
    for (Map.Entry<String, PostWire> entry : waiting.posts().entrySet()) {
      PostWire post = entry.getValue();
      boolean passed = post.sequence() <= takenOf(new WorkspaceId(post.workspace()));
      (passed ? late : posts).put(entry.getKey(), post);
    }
    move(late);
    cluster(posts, waiting.vectors());
    return !late.isEmpty() || posts.size() >= BATCH;
  }

  private long takenOf(WorkspaceId workspace) throws SQLException {
    TrendClusterer _ = clusterer(workspace);
    return Math.max(taken, marks.getOrDefault(workspace, 0L));
  }

  /**
   * Posts that are clustered beyond what this office has taken in: by an office before, after its
   * last checkpoint, or by one that has not noticed its end. They are clustered again, in order.
   */
  private boolean takeBack(Map<String, PostWire> strays) throws SQLException {
    Map<String, PostChange.Unclustered> changes = new TreeMap<>();
    for (Map.Entry<String, PostWire> stray : strays.entrySet()) {
      PostWire post = stray.getValue();
      if (post.sequence() > takenOf(new WorkspaceId(post.workspace()))) {
        changes.put(stray.getKey(), new PostChange.Unclustered(post.sequence(), office.number()));
      }
    }
    if (changes.isEmpty()) {
      return false;
    }
    parts.caches().posts().invokeAll(changes);
    log.info("{} posts are clustered again, from place {} on", changes.size(), taken);
    return true;
  }

  /**
   * Posts whose place has been passed: their way in was cut off by the death of a node, and they
   * came after all. They go to the end of the order, so that a checkpoint is one place alone.
   */
  private void move(Map<String, PostWire> late) {
    if (late.isEmpty()) {
      return;
    }
    Sequencer.Reservation places = parts.sequencer().reserve(late.size());
    try {
      Map<String, PostChange.Moved> changes = new TreeMap<>();
      long place = places.first();
      for (Map.Entry<String, PostWire> post : late.entrySet()) {
        changes.put(
            post.getKey(),
            new PostChange.Moved(post.getValue().sequence(), place++, parts.epochs().current()));
      }
      parts.caches().posts().invokeAll(changes);
    } finally {
      parts.sequencer().close(places);
    }
    parts.meters().counter("pulsegrid.cluster.late").increment(late.size());
  }

  private void cluster(Map<String, PostWire> posts, Map<String, VectorWire> vectors)
      throws SQLException {
    if (posts.isEmpty()) {
      return;
    }
    Map<String, PostChange.Clustered> changes = new TreeMap<>();
    long epoch = parts.epochs().current();
    Map<String, String> repeated = originals.look(posts);
    for (Map.Entry<String, PostWire> entry : posts.entrySet()) {
      String id = entry.getKey();
      Post post = entry.getValue().post(new PostId(id));
      long place = post.progress().sequence();
      @Nullable String original = repeated.get(id);
      TrendClusterer clusterer = clusterer(post.workspace());
      @Nullable TrendId counted = counted(entry.getValue());
      TrendId trend =
          counted == null
              ? clusterer.add(member(post, original, vectors.get(id)))
              : clusterer.again(post.id(), place, counted);
      changes.put(
          id,
          new PostChange.Clustered(
              place, trend.value(), original, counted == null, office.number(), epoch));
      taken = Math.max(taken, place);
    }
    parts.caches().posts().invokeAll(changes);
    unsaved.addAll(changes.keySet());
    parts.meters().counter("pulsegrid.clustered").increment(changes.size());
  }

  /**
   * The trend that has a post in it already, in its former words; null if none has. What an office
   * before counted after its last checkpoint is in no trend that this one knows.
   */
  private @Nullable TrendId counted(PostWire post) {
    boolean saved = post.counted() <= marks.getOrDefault(new WorkspaceId(post.workspace()), 0L);
    @Nullable String trend = post.trendId();
    return trend != null && post.counted() > 0 && (saved || post.countedBy() == office.number())
        ? new TrendId(trend)
        : null;
  }

  /** A duplicate counts by its words alone, even if it was embedded before its original came. */
  private static Member member(Post post, @Nullable String original, @Nullable VectorWire vector) {
    Engagement counts = post.engagement();
    return new Member(
        post.id(),
        post.progress().sequence(),
        post.happenedAt(),
        post.content().platform(),
        post.content().wording(),
        vector == null || original != null ? null : vector.vector(),
        original == null ? null : new PostId(original),
        counts.likes() + counts.comments() + counts.shares());
  }

  private TrendClusterer clusterer(WorkspaceId workspace) throws SQLException {
    TrendClusterer known = clusterers.get(workspace);
    if (known == null) {
      // A new one begins where this office stands, which lies before its first post: a crash after
      // this leaves it there. At 0 the successor would begin anew with every post there is.
      TrendStore.Claim claim = parts.store().claim(workspace, office, parts.model(), taken);
      known = restored(workspace, claim);
      marks.put(workspace, claim.lastSequence());
      clusterers.put(workspace, known);
    }
    return known;
  }

  private TrendClusterer restored(WorkspaceId workspace, TrendStore.Claim claim)
      throws SQLException {
    TrendClusterer clusterer = new TrendClusterer(workspace, ClusterSettings.STANDARD);
    Map<String, TrendWire.Told> live = new TreeMap<>();
    parts
        .store()
        .load(
            workspace,
            stored -> {
              // Vectors of two models are never compared: another model's trends stay as they are.
              if (claim.sameModel() && stored.working().length > 0) {
                clusterer.restore(new Snapshot(stored.trend(), stored.working(), stored.aliases()));
              }
              live.put(
                  stored.trend().id().value(),
                  new TrendWire.Told(TrendWire.of(stored.trend(), office.number())));
            });
    parts.caches().trends().invokeAll(live);
    return clusterer;
  }

  private void checkpoint() throws SQLException {
    parts.leave().run();
    // First the posts, then what counts them: a crash between leaves posts that are clustered
    // beyond the checkpoint, which is mended by clustering them again.
    parts.storedPosts().ensureStored(unsaved);
    for (Map.Entry<WorkspaceId, TrendClusterer> entry : clusterers.entrySet()) {
      List<SavedTrend> trends = new ArrayList<>();
      for (Snapshot snapshot : entry.getValue().drainTouched()) {
        trends.add(new SavedTrend(snapshot.trend(), snapshot.state(), snapshot.aliases()));
      }
      long place = takenOf(entry.getKey());
      parts.store().save(entry.getKey(), office, place, trends);
      marks.put(entry.getKey(), place);
      publish(entry.getKey(), trends);
    }
    followSplits();
    unsaved.clear();
    saved = parts.clock().instant();
  }

  /**
   * Has posts that a split took along say so themselves. After the split is saved: who dies in
   * between leaves it to the successor, which finds the same moves in what is saved.
   */
  private void followSplits() throws SQLException {
    Map<String, PostSplit> changes = new TreeMap<>();
    for (TrendClusterer clusterer : clusterers.values()) {
      for (Move move : clusterer.moves()) {
        changes.put(
            move.post().value(),
            new PostSplit(
                move.sequence(), move.to().value(), office.number(), parts.epochs().current()));
      }
    }
    if (changes.isEmpty()) {
      return;
    }
    Set<String> absent = new TreeSet<>(changes.keySet());
    absent.removeAll(parts.caches().posts().getAll(changes.keySet()).keySet());
    // Of a trend that is still told, a post may be old enough to have left the grid.
    parts.adoption().adoptByIds(absent.stream().map(PostId::new).toList());
    parts.caches().posts().invokeAll(changes);
    parts.storedPosts().ensureStored(changes.keySet());
    clusterers.values().forEach(TrendClusterer::moved);
    log.debug("{} posts went to another trend with the part that was split off", changes.size());
  }

  private void publish(WorkspaceId workspace, List<SavedTrend> trends) {
    Map<String, TrendWire.Told> live = new TreeMap<>();
    Set<String> merged = new TreeSet<>();
    List<Event.Subject> told = new ArrayList<>();
    for (SavedTrend trend : trends) {
      live.put(
          trend.trend().id().value(),
          new TrendWire.Told(TrendWire.of(trend.trend(), office.number())));
      trend.aliases().forEach(alias -> merged.add(alias.value()));
      if (trend.trend().postCount() > 1) {
        told.add(new Event.Subject.OfTrend(trend.trend()));
      }
    }
    parts.events().tellAll(workspace, told);
    parts.caches().trends().invokeAll(live);
    parts.caches().trends().removeAll(merged);
  }

  /**
   * Lets go of trends that nothing has joined since the retention floor: from the store, the grid
   * and the memory of this office. Only with nothing unsaved, so that none of them has just grown.
   */
  private void forget() throws SQLException {
    forgetAt = parts.clock().instant().plus(parts.forgetEvery());
    int forgotten = 0;
    List<TrendId> gone = nextForgotten();
    while (!gone.isEmpty()) {
      for (TrendClusterer clusterer : clusterers.values()) {
        clusterer.remove(gone);
      }
      parts.caches().trends().removeAll(new TreeSet<>(gone.stream().map(TrendId::value).toList()));
      forgotten += gone.size();
      gone = nextForgotten();
    }
    if (forgotten > 0) {
      checkpoint();
      log.info("let go of {} trends", forgotten);
    }
  }

  private List<TrendId> nextForgotten() throws SQLException {
    return parts.store().forget(parts.retention().floor(), FORGOTTEN_AT_A_TIME);
  }
}
