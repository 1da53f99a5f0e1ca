package io.pulsegrid.node.listen;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.store.posts.StoredPost;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/** Takes posts in on the node that they belong to, and stores them before it answers. */
final class IntakeJob extends NodeJob<IntakeJob.Taken> {
  private static final long serialVersionUID = 1L;
  private static final int ROUNDS = 4;

  private final List<String> ids = new ArrayList<>();
  private final List<PostWire> posts = new ArrayList<>();
  private final List<Long> sequences = new ArrayList<>();
  private final long epoch;

  IntakeJob(long epoch) {
    this.epoch = epoch;
  }

  void add(String id, PostWire post, long sequence) {
    ids.add(id);
    posts.add(post);
    sequences.add(sequence);
  }

  /** What became of the posts of a job. */
  static final class Taken {
    private @Nullable String refusal;
    private Set<String> changed = new HashSet<>();
    private Map<String, String> parked = new LinkedHashMap<>();
    private Map<String, PostWire> standing = new LinkedHashMap<>();

    /** Why nothing was taken, if there is no room for more just now. */
    @Nullable String refusal() {
      return refusal;
    }

    boolean changed(String id) {
      return changed.contains(id);
    }

    /** How a post stands now that was here before and changed; null for any other. */
    @Nullable PostWire standing(String id) {
      return standing.get(id);
    }

    /** Why Postgres refuses a post; null when it does not. */
    @Nullable String parked(String id) {
      return parked.get(id);
    }
  }

  @Override
  Taken run(LocalNode node) throws Exception {
    Taken taken = new Taken();
    long bytes = posts.stream().mapToLong(PostWire::roughBytes).sum();
    taken.refusal = node.backlog().admit(bytes).orElse(null);
    if (taken.refusal != null) {
      return taken;
    }
    try {
      take(node, taken);
    } finally {
      node.backlog().arrived(bytes, taken.changed.size());
    }
    return taken;
  }

  private void take(LocalNode node, Taken taken) throws SQLException {
    // Sorted: two jobs that take the same keys in two orders would wait for each other for ever.
    TreeMap<String, Integer> open = new TreeMap<>();
    for (int i = 0; i < ids.size(); i++) {
      open.put(ids.get(i), i);
    }
    for (int round = 0; round < ROUNDS && !open.isEmpty(); round++) {
      open.keySet().retainAll(takeAll(node, open, taken));
    }
    if (!open.isEmpty()) {
      throw new IllegalStateException(
          open.size() + " posts were overtaken by other writers " + ROUNDS + " times");
    }
  }

  /** Takes posts in and stores them; the ids of those that something else has overtaken. */
  private Set<String> takeAll(LocalNode node, Map<String, Integer> open, Taken taken)
      throws SQLException {
    Map<String, Revision> deleted = adoptWhatOnlyTheStoreHas(node, open.keySet());
    TreeMap<String, PostChange.Take> changes = new TreeMap<>();
    open.forEach(
        (id, i) ->
            changes.put(
                id,
                new PostChange.Take(
                    posts.get(i),
                    sequences.get(i),
                    epoch,
                    deleted.getOrDefault(id, Revision.NONE))));
    Map<String, EntryProcessorResult<Integer>> results = node.caches().posts().invokeAll(changes);
    // What stands there now may be stored by whoever comes first: this job or the flusher.
    Map<String, PostWire> now = node.caches().posts().getAll(changes.keySet());
    Set<String> overtaken = new TreeSet<>();
    Map<String, PostWire> dirty = new LinkedHashMap<>();
    for (Map.Entry<String, Integer> entry : open.entrySet()) {
      String id = entry.getKey();
      PostWire post = now.get(id);
      if (post == null || !post.shows(posts.get(entry.getValue()))) {
        overtaken.add(id);
        continue;
      }
      EntryProcessorResult<Integer> result = results.get(id);
      boolean changed = result != null && result.get() == PostChange.CHANGED;
      // A job that is sent again finds what its first sending did.
      if (changed || post.sequence() == sequences.get(entry.getValue())) {
        taken.changed.add(id);
        if (!post.collectedAt().equals(posts.get(entry.getValue()).collectedAt())) {
          taken.standing.put(id, post);
        }
      }
      if (post.dirty()) {
        dirty.put(id, post);
      }
    }
    // A crash here loses nothing that was acknowledged: the posts are in the grid and its backups,
    // dirty, and the caller has had no answer.
    StoreFlusher.Flushed flushed = node.flusher().flush(dirty);
    taken.parked.putAll(flushed.refused());
    overtaken.addAll(flushed.overtaken());
    return overtaken;
  }

  /**
   * Brings back posts that have left the grid, or are not loaded yet: what is taken in is compared
   * with the latest of them, and revisions go on from theirs.
   *
   * @return the revisions, by id, of those that were deleted: what comes now is later
   */
  private static Map<String, Revision> adoptWhatOnlyTheStoreHas(LocalNode node, Set<String> ids)
      throws SQLException {
    Set<String> absent = new TreeSet<>(ids);
    absent.removeAll(node.caches().posts().getAll(ids).keySet());
    if (absent.isEmpty()) {
      return Map.of();
    }
    List<PostId> wanted = absent.stream().map(PostId::new).toList();
    Map<PostId, Revision> gone = new LinkedHashMap<>();
    List<StoredPost> living = new ArrayList<>();
    for (StoredPost row : node.store().find(wanted)) {
      if (row.post().collectedAt().isBefore(node.retention().floor())) {
        gone.put(row.post().id(), row.revision());
      } else {
        living.add(row);
      }
    }
    // Below the floor a row is only waiting to be deleted; it must not outrank what comes now.
    node.store().delete(gone);
    node.adoption().adopt(living);
    return node.store().tombstones(wanted);
  }
}
