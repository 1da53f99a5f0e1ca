package io.pulsegrid.compute.cluster;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A clusterer with the store it is drained into: what a node keeps, in memory. */
final class Radar {
  private final ClusterSettings settings;
  private final Map<TrendId, Snapshot> store = new HashMap<>();
  private final Map<TrendId, TrendId> aliases = new HashMap<>();
  private final List<PostId> posts = new ArrayList<>();
  private final Map<PostId, TrendId> moved = new HashMap<>();
  final List<TrendId> placed = new ArrayList<>();
  TrendClusterer clusterer;

  Radar(ClusterSettings settings) {
    this.settings = settings;
    clusterer = new TrendClusterer(WorkspaceId.DEFAULT, settings);
  }

  TrendId add(Member member) {
    TrendId trend = clusterer.add(member);
    posts.add(member.id());
    placed.add(trend);
    return trend;
  }

  List<Snapshot> drain() {
    List<Snapshot> drained = clusterer.drainTouched();
    for (Snapshot snapshot : drained) {
      Snapshot before = store.get(snapshot.trend().id());
      List<TrendId> merged = new ArrayList<>(before == null ? List.of() : before.aliases());
      merged.addAll(snapshot.aliases());
      store.put(snapshot.trend().id(), new Snapshot(snapshot.trend(), snapshot.state(), merged));
      for (TrendId alias : snapshot.aliases()) {
        store.remove(alias);
        aliases.put(alias, snapshot.trend().id());
      }
    }
    clusterer.moves().forEach(move -> moved.put(move.post(), move.to()));
    clusterer.moved();
    return drained;
  }

  /** What a crash and a new start come to, once everything was drained. */
  void restart() {
    drain();
    clusterer = new TrendClusterer(WorkspaceId.DEFAULT, settings);
    // By id: an order that has nothing to do with the one they came in.
    new TreeMap<>(byText()).values().forEach(clusterer::restore);
  }

  private Map<String, Snapshot> byText() {
    Map<String, Snapshot> texts = new HashMap<>();
    store.forEach((id, snapshot) -> texts.put(id.value(), snapshot));
    return texts;
  }

  TrendId current(TrendId id) {
    return aliases.getOrDefault(id, id);
  }

  /** The trend that each post is in by now, in the order in which they were added. */
  List<TrendId> trends() {
    drain();
    List<TrendId> trends = new ArrayList<>();
    for (int i = 0; i < posts.size(); i++) {
      trends.add(current(moved.getOrDefault(posts.get(i), placed.get(i))));
    }
    return trends;
  }

  Trend trend(TrendId id) {
    drain();
    Snapshot snapshot = store.get(current(id));
    if (snapshot == null) {
      throw new AssertionError("no trend " + id);
    }
    return snapshot.trend();
  }

  Map<TrendId, Snapshot> store() {
    drain();
    return store;
  }
}
