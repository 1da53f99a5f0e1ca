package io.pulsegrid.node.listen;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Posts;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.store.posts.PostQueries;
import io.pulsegrid.node.store.posts.PostStore;
import io.pulsegrid.node.store.posts.RetentionStore;
import io.pulsegrid.node.store.posts.StoredPost;
import io.pulsegrid.node.store.posts.TrendStore;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Posts as the grid has them, and where it holds them no longer, as Postgres has them. */
public final class GridPosts implements Posts {
  private final PostCaches caches;
  private final PostStore store;
  private final PostQueries queries;
  private final TrendStore trends;
  private final RetentionStore retention;

  public GridPosts(
      PostCaches caches,
      PostStore store,
      PostQueries queries,
      TrendStore trends,
      RetentionStore retention) {
    this.caches = caches;
    this.store = store;
    this.queries = queries;
    this.trends = trends;
    this.retention = retention;
  }

  @Override
  public Optional<Post> find(WorkspaceId workspace, PostId id) {
    PostWire live = caches.posts().get(id.value());
    if (live != null) {
      return Optional.of(live.post(id)).filter(post -> post.workspace().equals(workspace));
    }
    return StoreAway.guard(
        () ->
            store
                .find(workspace, id)
                .map(StoredPost::post)
                .filter(post -> !post.collectedAt().isBefore(retention.floor())));
  }

  @Override
  public Page<Post> list(Query query, PageRequest page) {
    // Postgres knows the order; the grid knows the latest of each.
    Page<StoredPost> stored =
        StoreAway.guard(
            () -> {
              var trend = query.trend();
              return queries.list(
                  query,
                  trend == null ? List.of() : trends.everyIdOf(trend),
                  retention.floor(),
                  page);
            });
    Map<PostId, Post> posts = new LinkedHashMap<>();
    stored.items().forEach(row -> posts.put(row.post().id(), row.post()));
    latest(posts);
    return new Page<>(List.copyOf(posts.values()), stored.next());
  }

  /** Some posts of a workspace, in the order of the ids; those that are gone are left out. */
  Map<PostId, Post> findAll(WorkspaceId workspace, List<PostId> ids) throws SQLException {
    Map<PostId, Post> posts = new LinkedHashMap<>();
    Map<String, PostWire> live =
        caches.posts().getAll(new TreeSet<>(ids.stream().map(PostId::value).toList()));
    Map<PostId, Post> stored = new LinkedHashMap<>();
    List<PostId> missing = ids.stream().filter(id -> !live.containsKey(id.value())).toList();
    if (!missing.isEmpty()) {
      store.find(missing).forEach(row -> stored.put(row.post().id(), row.post()));
    }
    for (PostId id : ids) {
      PostWire wire = live.get(id.value());
      Post post = wire == null ? stored.get(id) : wire.post(id);
      if (post != null && post.workspace().equals(workspace)) {
        posts.put(id, post);
      }
    }
    return posts;
  }

  private void latest(Map<PostId, Post> posts) {
    caches
        .posts()
        .getAll(new TreeSet<>(posts.keySet().stream().map(PostId::value).toList()))
        .forEach((id, wire) -> posts.put(new PostId(id), wire.post(new PostId(id))));
  }
}
