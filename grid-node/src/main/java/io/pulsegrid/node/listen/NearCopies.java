package io.pulsegrid.node.listen;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.GridConfiguration;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.VectorWire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.cache.CacheException;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteFuture;
import org.apache.ignite.lang.IgniteFutureTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The posts that a search found, read from the very copies that found them. A read by key goes to
 * the primary, and waits for as long as it takes to notice that this one is dead.
 */
final class NearCopies {
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final Ignite ignite;
  private final PostCaches caches;
  private final GridPosts posts;
  private final SilentNodes silent;

  NearCopies(Ignite ignite, PostCaches caches, GridPosts posts, SilentNodes silent) {
    this.ignite = ignite;
    this.caches = caches;
    this.posts = posts;
    this.silent = silent;
  }

  /** Posts read, and whether those that are not among them are known to be gone. */
  record Read(Map<PostId, Post> posts, boolean complete) {}

  /** A post to search by, with its vector if that is at hand. */
  record Model(Post post, Optional<VectorWire> vector) {}

  /** Some posts of a workspace, each from its node, or else from the store. */
  Read read(WorkspaceId workspace, Map<String, ClusterNode> homes) {
    Map<ClusterNode, List<String>> idsByNode = new HashMap<>();
    homes.forEach((id, node) -> idsByNode.computeIfAbsent(node, _ -> new ArrayList<>()).add(id));
    Map<ClusterNode, IgniteFuture<Map<String, PostWire>>> asked = new HashMap<>();
    idsByNode.forEach(
        (node, ids) ->
            asked.put(
                node,
                ignite
                    .compute(ignite.cluster().forNode(node))
                    .withNoFailover()
                    .withExecutor(GridConfiguration.SEARCH_EXECUTOR)
                    .callAsync(new CopiesJob(ids))));
    Map<PostId, Post> found = new HashMap<>();
    Set<String> missing = new HashSet<>(homes.keySet());
    long end = System.nanoTime() + PATIENCE.toNanos();
    asked.forEach(
        (node, future) -> {
          for (Map.Entry<String, PostWire> copy : await(node, future, end).entrySet()) {
            missing.remove(copy.getKey());
            Post post = copy.getValue().post(new PostId(copy.getKey()));
            if (post.workspace().equals(workspace)) {
              found.put(post.id(), post);
            }
          }
        });
    try {
      found.putAll(posts.findStored(workspace, missing));
      return new Read(found, true);
    } catch (PulsegridException e) {
      // The store is away: better to show the others than nothing.
      return new Read(found, false);
    }
  }

  private Map<String, PostWire> await(
      ClusterNode node, IgniteFuture<Map<String, PostWire>> future, long end) {
    try {
      return future.get(Math.max(1, (end - System.nanoTime()) / 1_000_000));
    } catch (IgniteFutureTimeoutException e) {
      silent.silent(node.id());
      future.cancel();
      return Map.of();
    } catch (IgniteException e) {
      return Map.of(); // it left between its answer and this question: the store has them
    }
  }

  /** The post to search by. */
  Optional<Model> model(WorkspaceId workspace, PostId id) {
    @Nullable PostWire live = soon(caches.posts().getAsync(id.value()));
    Optional<Post> post =
        live == null
            ? Optional.ofNullable(posts.findStored(workspace, Set.of(id.value())).get(id))
            : Optional.of(live.post(id)).filter(p -> p.workspace().equals(workspace));
    return post.map(
        found ->
            new Model(found, Optional.ofNullable(soon(caches.vectors().getAsync(id.value())))));
  }

  private static <T> @Nullable T soon(IgniteFuture<T> future) {
    try {
      return future.get(PATIENCE.toMillis());
    } catch (IgniteException | CacheException e) {
      return null; // its primary is dying: the store knows the post, and the model its vector
    }
  }
}
