package io.pulsegrid.connectors.hackernews;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The items a source has taken, as its cursor keeps them: the ids in base 36 with commas, the
 * newest last, at most {@value #MOST}. An item that dropped out and comes back is fetched once
 * more, which changes nothing.
 */
final class SeenItems {
  static final int MOST = 2_000;

  private final Set<Long> ids;

  private SeenItems(Set<Long> ids) {
    this.ids = ids;
  }

  /** Reads a cursor; one that cannot be read counts as none, which costs fetches, not posts. */
  static SeenItems of(@Nullable String cursor) {
    Set<Long> ids = new LinkedHashSet<>();
    if (cursor != null && !cursor.isEmpty()) {
      try {
        for (String id : cursor.split(",", -1)) {
          ids.add(Long.parseLong(id, 36));
        }
      } catch (NumberFormatException foreign) {
        ids.clear();
      }
    }
    return new SeenItems(ids);
  }

  boolean contains(long id) {
    return ids.contains(id);
  }

  /** Those of {@code listed} not seen yet, in their order. */
  List<Long> unseen(Collection<Long> listed) {
    Set<Long> fresh = new LinkedHashSet<>(listed);
    fresh.removeAll(ids);
    return List.copyOf(fresh);
  }

  /** The cursor after a visit that saw {@code listed} and has now also taken {@code taken}. */
  String cursorAfter(Collection<Long> listed, Collection<Long> taken) {
    Set<Long> next = new LinkedHashSet<>(ids);
    next.addAll(taken);
    // What is still listed moves to the end, so that the bound drops what has left the list first.
    for (Long id : listed) {
      if (next.remove(id)) {
        next.add(id);
      }
    }
    List<Long> newest = new ArrayList<>(next);
    List<Long> kept = newest.subList(Math.max(0, newest.size() - MOST), newest.size());
    return String.join(",", kept.stream().map(id -> Long.toString(id, 36)).toList());
  }
}
