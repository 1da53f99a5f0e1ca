package io.pulsegrid.node.listen;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.pulsegrid.node.grid.wire.Revision;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the primaries of posts have told this node about the copies that it keeps: which posts have
 * a new revision to be indexed. News that is lost costs time alone: the sweep over all copies finds
 * the same.
 */
final class CopyNews {
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<String, Revision> waiting = new LinkedHashMap<>();

  /** Takes in what a primary says. */
  void tell(Map<String, Revision> revisions) {
    synchronized (lock) {
      waiting.putAll(revisions);
    }
  }

  /** The oldest news, at most {@code limit}; they stay until they are settled. */
  Map<String, Revision> oldest(int limit) {
    Map<String, Revision> oldest = new LinkedHashMap<>();
    synchronized (lock) {
      for (Map.Entry<String, Revision> entry : waiting.entrySet()) {
        if (oldest.size() == limit) {
          break;
        }
        oldest.put(entry.getKey(), entry.getValue());
      }
    }
    return oldest;
  }

  /** Forgets news that has been acted upon, unless there is newer. */
  void settle(Map<String, Revision> done) {
    synchronized (lock) {
      done.forEach(waiting::remove);
    }
  }

  /** Puts news behind all other: its post's copy has not come yet. */
  void later(Map<String, Revision> early) {
    synchronized (lock) {
      Map<String, Revision> again = new HashMap<>();
      early.forEach(
          (id, revision) -> {
            if (waiting.remove(id, revision)) {
              again.put(id, revision);
            }
          });
      waiting.putAll(again);
    }
  }

  int size() {
    synchronized (lock) {
      return waiting.size();
    }
  }
}
