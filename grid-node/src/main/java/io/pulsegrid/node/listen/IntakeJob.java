package io.pulsegrid.node.listen;

import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
}
