package io.pulsegrid.compute.cluster;

import io.pulsegrid.core.post.PostId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The posts that a story still knows one by one: those of its members, and the latest of the
 * copies, which are bounded apart so that a flood of them displaces no original.
 */
final class Traces {
  private static final int COPIES = 64;

  /** By the member's key. */
  private final Map<Long, Trace> originals = LinkedHashMap.newLinkedHashMap(2);

  private final List<Trace> copies = new ArrayList<>(0);

  Map<Long, Trace> originals() {
    return originals;
  }

  List<Trace> copies() {
    return copies;
  }

  /** The trace of a member; null where it came before traces were kept. */
  @Nullable Trace of(long member) {
    return originals.get(member);
  }

  /** The trace of a copy; null where it is not among the latest. */
  @Nullable Trace copy(PostId post) {
    for (Trace copy : copies) {
      if (copy.post.equals(post)) {
        return copy;
      }
    }
    return null;
  }

  void put(long member, Trace trace) {
    originals.put(member, trace);
  }

  void copied(Trace copy) {
    copies.add(copy);
    if (copies.size() > COPIES) {
      copies.removeFirst();
    }
  }

  void forget(long member) {
    originals.remove(member);
  }

  /** Whatever stood behind an exemplar stands behind another. */
  void follow(Exemplar before, @Nullable Exemplar now) {
    for (Trace trace : originals.values()) {
      trace.behind = trace.behind == before ? now : trace.behind;
    }
    for (Trace trace : copies) {
      trace.behind = trace.behind == before ? now : trace.behind;
    }
  }

  /** How many posts, copies included, stand behind some exemplars. */
  int behind(Collection<Exemplar> exemplars) {
    int posts = 0;
    for (Trace trace : all()) {
      if (trace.behind != null && exemplars.contains(trace.behind)) {
        posts++;
      }
    }
    return posts;
  }

  /** All of them, by their time. */
  List<Trace> all() {
    List<Trace> all = new ArrayList<>(originals.values());
    all.addAll(copies);
    all.sort(
        Comparator.<Trace>comparingLong(trace -> trace.time)
            .thenComparing(trace -> trace.post.value()));
    return all;
  }

  /** Takes over those of a story that is merged. */
  void join(Traces others) {
    originals.putAll(others.originals);
    others.copies.forEach(this::copied);
  }

  /** Hands what stands behind some exemplars to another story. */
  void leave(Set<Exemplar> exemplars, Traces to) {
    originals
        .entrySet()
        .removeIf(
            entry -> {
              Trace trace = entry.getValue();
              boolean leaves = trace.behind != null && exemplars.contains(trace.behind);
              if (leaves) {
                to.put(entry.getKey(), trace);
              }
              return leaves;
            });
    copies.removeIf(
        trace -> {
          boolean leaves = trace.behind != null && exemplars.contains(trace.behind);
          if (leaves) {
            to.copied(trace);
          }
          return leaves;
        });
  }
}
