package io.pulsegrid.node.listen;

import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.grid.wire.VectorWire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.ignite.cache.CachePeekMode;
import org.jspecify.annotations.Nullable;

/**
 * Brings posts of this node's index to the revision of their copy here, whether that is the primary
 * or a backup. For one thread.
 */
final class IndexKeeper {
  private final PostCaches caches;
  private final PostIndex index;

  IndexKeeper(PostCaches caches, PostIndex index) {
    this.caches = caches;
    this.index = index;
  }

  /** This node's copy of a post; null if it has none. */
  @Nullable PostWire copy(String id) {
    return caches.posts().localPeek(id, CachePeekMode.PRIMARY, CachePeekMode.BACKUP);
  }

  /**
   * Makes the index hold posts just as they are given. What it has at their revision stays, what
   * differs in likes and trend only is touched, all else is written whole.
   */
  void bring(Map<String, PostWire> posts) {
    Map<String, Revision> indexed = indexed(posts.keySet());
    Map<String, PostWire> whole = new HashMap<>();
    List<PostIndex.Touch> touches = new ArrayList<>();
    posts.forEach(
        (id, post) -> {
          Revision has = indexed.getOrDefault(id, Revision.NONE);
          if (has.equals(post.revision())) {
            return;
          }
          boolean onlyValues =
              has.compareTo(post.wholeSince()) >= 0
                  && has.compareTo(post.revision()) < 0
                  && indexed.containsKey(id);
          if (onlyValues) {
            touches.add(touch(new PostId(id), post));
          } else {
            whole.put(id, post);
          }
        });
    if (!touches.isEmpty()) {
      index.touch(touches);
    }
    put(whole);
  }

  private Map<String, Revision> indexed(Collection<String> ids) {
    Map<String, Revision> indexed = new HashMap<>();
    index.revisionsOf(
        ids.stream().map(PostId::new).toList(),
        (id, epoch, number) -> indexed.put(id.value(), new Revision(epoch, number)));
    return indexed;
  }

  private static PostIndex.Touch touch(PostId id, PostWire wire) {
    Post post = wire.post(id);
    @Nullable TrendId trend = post.progress().trendId();
    return new PostIndex.Touch(
        id, trend, post.engagement().likes(), wire.revision().epoch(), wire.revision().number());
  }

  private void put(Map<String, PostWire> posts) {
    if (posts.isEmpty()) {
      return;
    }
    Map<String, VectorWire> vectors = vectors(posts);
    List<PostIndex.Entry> entries = new ArrayList<>(posts.size());
    posts.forEach(
        (id, post) -> {
          @Nullable String original = post.duplicateOf();
          @Nullable VectorWire vector = vectors.get(original == null ? id : original);
          entries.add(
              new PostIndex.Entry(
                  post.post(new PostId(id)),
                  post.revision().epoch(),
                  post.revision().number(),
                  vector == null ? null : vector.vector()));
        });
    index.put(entries);
  }

  /**
   * The vectors to index posts by. A post's own vector lies beside it, in this node's own memory; a
   * near-duplicate has that of the post it repeats, which may be asked of another node.
   */
  private Map<String, VectorWire> vectors(Map<String, PostWire> posts) {
    Map<String, VectorWire> vectors = new HashMap<>();
    TreeSet<String> elsewhere = new TreeSet<>();
    posts.forEach(
        (id, post) -> {
          @Nullable String original = post.duplicateOf();
          String wanted = original == null ? id : original;
          VectorWire here =
              caches.vectors().localPeek(wanted, CachePeekMode.PRIMARY, CachePeekMode.BACKUP);
          if (here != null) {
            vectors.put(wanted, here);
          } else {
            elsewhere.add(wanted);
          }
        });
    if (!elsewhere.isEmpty()) {
      vectors.putAll(caches.vectors().getAll(elsewhere));
    }
    return vectors;
  }
}
