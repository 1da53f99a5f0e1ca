package io.pulsegrid.node.listen;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.VectorWire;
import io.pulsegrid.node.store.posts.PostStore;
import io.pulsegrid.node.store.posts.StoredPost;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Takes over from Postgres what it has of later revision than the grid, vectors included. */
public final class Adoption {
  private final PostCaches caches;
  private final PostStore store;
  private final String model;

  /**
   * An adoption.
   *
   * @param model whose vectors are taken over; another one's are never compared with them
   */
  public Adoption(PostCaches caches, PostStore store, String model) {
    this.caches = caches;
    this.store = store;
    this.model = model;
  }

  /** Takes over the rows of some posts. */
  void adoptByIds(Collection<PostId> ids) throws SQLException {
    adopt(store.find(ids));
  }

  /** Gives way to what the store has of posts that it refused: a later row, or none at all. */
  void giveWay(List<StoredPost> refused) throws SQLException {
    List<StoredPost> rows = store.find(refused.stream().map(post -> post.post().id()).toList());
    adopt(rows);
    Set<PostId> living = new HashSet<>();
    rows.forEach(row -> living.add(row.post().id()));
    Map<String, PostChange.Dropped> deleted = new TreeMap<>();
    for (StoredPost post : refused) {
      if (!living.contains(post.post().id())) {
        deleted.put(post.post().id().value(), new PostChange.Dropped(post.revision()));
      }
    }
    caches.posts().invokeAll(deleted);
  }

  /** Takes over rows, each unless the grid has the post as late or later. */
  void adopt(List<StoredPost> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    Map<String, VectorWire.Adopted> vectors = new TreeMap<>();
    store
        .findVectors(rows.stream().map(row -> row.post().id()).toList())
        .forEach(
            (id, vector) -> {
              if (vector.model().equals(model)) {
                vectors.put(id, new VectorWire.Adopted(vector));
              }
            });
    // Vectors first, as in every stage: a post that says it is embedded has its vector.
    caches.vectors().invokeAll(vectors);
    Map<String, PostChange.Adopted> posts = new TreeMap<>();
    for (StoredPost row : rows) {
      posts.put(
          row.post().id().value(),
          new PostChange.Adopted(PostWire.stored(row.post(), row.fingerprint(), row.revision())));
    }
    caches.posts().invokeAll(posts);
  }
}
