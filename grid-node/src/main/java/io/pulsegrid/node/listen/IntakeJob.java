package io.pulsegrid.node.listen;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
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
    private boolean full;
    private Set<String> changed = new HashSet<>();
    private Map<String, String> parked = new LinkedHashMap<>();

    /** Whether nothing was taken, because too much waits. */
    boolean full() {
      return full;
    }

    boolean changed(String id) {
      return changed.contains(id);
    }

    /** Why Postgres refuses a post; null when it does not. */
    @Nullable String parked(String id) {
      return parked.get(id);
    }
  }

  @Override
  Taken run(LocalNode node) throws Exception {
    Taken taken = new Taken();
    if (node.backlog().isFull()) {
      taken.full = true;
      return taken;
    }
    // Sorted: two jobs that take the same keys in two orders would wait for each other for ever.
    TreeMap<String, PostChange.Take> changes = new TreeMap<>();
    for (int i = 0; i < ids.size(); i++) {
      changes.put(ids.get(i), new PostChange.Take(posts.get(i), sequences.get(i), epoch));
    }
    adoptWhatOnlyTheStoreHas(node, changes.keySet());
    Map<String, EntryProcessorResult<Integer>> results = node.caches().posts().invokeAll(changes);
    List<String> unstored = new ArrayList<>();
    for (String id : changes.keySet()) {
      EntryProcessorResult<Integer> result = results.get(id);
      int outcome = result == null ? PostChange.UNTOUCHED : result.get();
      if (outcome == PostChange.CHANGED) {
        taken.changed.add(id);
      }
      if (outcome != PostChange.UNTOUCHED) {
        unstored.add(id);
      }
    }
    // A crash here loses nothing that was acknowledged: the posts are in the grid and its backups,
    // dirty, and the caller has had no answer.
    taken.parked.putAll(node.flusher().flush(unstored));
    return taken;
  }

  /**
   * Brings back posts that have left the grid, or are not loaded yet: what is taken in is compared
   * with the latest of them, and revisions go on from theirs.
   */
  private static void adoptWhatOnlyTheStoreHas(LocalNode node, Set<String> ids)
      throws SQLException {
    Set<String> absent = new TreeSet<>(ids);
    absent.removeAll(node.caches().posts().getAll(ids).keySet());
    if (absent.isEmpty()) {
      return;
    }
    Map<String, PostChange.Adopted> adoptions = new TreeMap<>();
    List<PostId> gone = new ArrayList<>();
    for (StoredPost row : node.store().find(absent.stream().map(PostId::new).toList())) {
      if (row.post().collectedAt().isBefore(node.retention().floor())) {
        gone.add(row.post().id());
      } else {
        adoptions.put(
            row.post().id().value(),
            new PostChange.Adopted(PostWire.stored(row.post(), row.fingerprint(), row.revision())));
      }
    }
    // Below the floor a row is only waiting to be deleted; it must not outrank what comes now.
    node.store().delete(gone);
    node.caches().posts().invokeAll(adoptions);
  }
}
