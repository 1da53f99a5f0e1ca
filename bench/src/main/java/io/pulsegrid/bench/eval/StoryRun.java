package io.pulsegrid.bench.eval;

import io.pulsegrid.compute.cluster.ClusterSettings;
import io.pulsegrid.compute.cluster.Member;
import io.pulsegrid.compute.cluster.Snapshot;
import io.pulsegrid.compute.cluster.TrendClusterer;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The way of posts through a node, from fingerprint to trend, without the node. */
final class StoryRun {
  private final TrendClusterer clusterer;
  private final CopyGroups copies = new CopyGroups();
  private final List<PostId> ids = new ArrayList<>();
  private final Map<TrendId, TrendId> aliases = new HashMap<>();
  private final List<TrendId> placed = new ArrayList<>();

  StoryRun(ClusterSettings settings) {
    clusterer = new TrendClusterer(WorkspaceId.DEFAULT, settings);
  }

  /** Takes a post in; null for a vector where embedding failed. */
  void add(LabelledPost post, float @Nullable [] vector) {
    PostId id = PostId.of(WorkspaceId.DEFAULT, "eval", post.nativeId());
    ids.add(id);
    PostId first = ids.get(copies.add(post.wording(), post.url()));
    boolean repeats = !first.equals(id);
    placed.add(
        clusterer.add(
            new Member(
                id,
                placed.size(),
                post.at(),
                "eval",
                post.wording(),
                repeats ? null : vector,
                repeats ? first : null,
                0)));
  }

  /** What changed since the last call, as a node tells it. */
  List<Trend> drain() {
    List<Trend> told = new ArrayList<>();
    for (Snapshot snapshot : clusterer.drainTouched()) {
      snapshot.aliases().forEach(alias -> aliases.put(alias, snapshot.trend().id()));
      told.add(snapshot.trend());
    }
    return told;
  }

  /** The trend of each post so far, in their order, after all merges and splits. */
  List<TrendId> trends() {
    drain();
    Map<PostId, TrendId> moved = new HashMap<>();
    clusterer.moves().forEach(move -> moved.put(move.post(), move.to()));
    List<TrendId> trends = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      TrendId trend = moved.getOrDefault(ids.get(i), placed.get(i));
      trends.add(named(trend));
    }
    return trends;
  }

  /** What a trend is called by now; as of the last drain. */
  TrendId named(TrendId trend) {
    return aliases.getOrDefault(trend, trend);
  }

  static List<TrendId> trends(
      List<LabelledPost> posts, List<float[]> vectors, ClusterSettings settings) {
    StoryRun run = new StoryRun(settings);
    for (int i = 0; i < posts.size(); i++) {
      run.add(posts.get(i), vectors.get(i));
    }
    return run.trends();
  }
}
