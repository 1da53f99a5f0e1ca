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
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import javax.cache.CacheException;
import org.apache.ignite.IgniteException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Posts as the grid has them, and where it holds them no longer, as Postgres has them. */
public final class GridPosts implements Posts {
  private static final Logger log = LoggerFactory.getLogger(GridPosts.class);

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
    PostWire live = live(List.of(id.value())).get(id.value());
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
                  trend == null ? List.of() : trends.everyIdOf(List.of(trend)),
                  retention.floor(),
                  page);
            });
    return latest(stored);
  }

  @Override
  public Page<Post> copies(Post original, PageRequest page) {
    return latest(
        StoreAway.guard(
            () -> queries.copies(original.workspace(), original.id(), retention.floor(), page)));
  }

  @Override
  public Spread spread(Post original) {
    Spread copies =
        StoreAway.guard(
            () -> queries.spread(original.workspace(), original.id(), retention.floor()));
    return new Spread(copies.copies(), original.engagement().plus(copies.reach()));
  }

  /** Some posts of a workspace as the store has them; those that are gone are left out. */
  Map<PostId, Post> findStored(WorkspaceId workspace, Collection<String> ids) {
    Map<PostId, Post> posts = new HashMap<>();
    if (!ids.isEmpty()) {
      StoreAway.guard(
          () -> {
            for (StoredPost row : store.find(ids.stream().map(PostId::new).toList())) {
              Post post = row.post();
              if (post.workspace().equals(workspace)
                  && !post.collectedAt().isBefore(retention.floor())) {
                posts.put(post.id(), post);
              }
            }
            return posts;
          });
    }
    return posts;
  }

  private Page<Post> latest(Page<StoredPost> stored) {
    Map<PostId, Post> posts = new LinkedHashMap<>();
    stored.items().forEach(row -> posts.put(row.post().id(), row.post()));
    live(posts.keySet().stream().map(PostId::value).toList())
        .forEach((id, wire) -> posts.put(new PostId(id), wire.post(new PostId(id))));
    return new Page<>(List.copyOf(posts.values()), stored.next());
  }

  /** What the grid has of some posts; nothing while it has lost one of them, Postgres has all. */
  private Map<String, PostWire> live(List<String> ids) {
    try {
      return caches.posts().getAll(new TreeSet<>(ids));
    } catch (CacheException | IgniteException lost) {
      log.debug("the grid does not answer for some of {} posts", ids.size(), lost);
      return Map.of();
    }
  }
}
