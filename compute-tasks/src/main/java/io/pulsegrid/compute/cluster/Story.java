package io.pulsegrid.compute.cluster;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An active trend from inside. Its size is bounded whatever joins: a few exemplars, the latest
 * member ids, the most used words. Iteration order of its collections is part of its state.
 */
final class Story {
  private static final int EXEMPLARS = 12;
  private static final int MEMBERS = 64;
  private static final int WORDS = 400;
  private static final int WORDS_AFTER_PRUNING = 300;
  private static final double ALREADY_SAID = .92;

  final TrendId id;

  /** The step at which it began: the order in which equals are preferred. */
  final long born;

  final Pulse pulse;

  /** The trends merged into it, oldest first. */
  final List<TrendId> aliases = new ArrayList<>(0);

  final List<Exemplar> exemplars = new ArrayList<>(2);
  final Map<Term, Integer> terms = LinkedHashMap.newLinkedHashMap(16);
  final Map<String, Long> platforms = new TreeMap<>();
  final Set<Long> members = LinkedHashSet.newLinkedHashSet(2);
  final Traces traces = new Traces();

  /** Posts that came by a split, each with its sequence, until their own rows say so. */
  final Map<PostId, Long> arrivals = LinkedHashMap.newLinkedHashMap(0);

  int @Nullable [] sum;
  double sumNorm;

  /** Posts in the sum. */
  int directions;

  /** Posts whose words are counted: those that are no duplicates. */
  int originals;

  long posts;
  long firstSeen;
  long lastSeen;
  long touchedAt;

  /** When it ceases to be alive; changed only while it is out of the order of ends. */
  long aliveUntil;

  // What was told last, so that a decay is told but not every step of it.
  @Nullable TrendState toldState;
  double toldScore;

  /** How many of its aliases were told. */
  int toldAliases;

  /** Its place among the sketches; -1 while it has none. */
  int slot = -1;

  // Scratch of a search for candidates: meaningful only within one step.
  long evidenceStep = -1;
  double evidence;

  Story(TrendId id, long born, Pulse pulse, long firstSeen) {
    this.id = id;
    this.born = born;
    this.pulse = pulse;
    this.firstSeen = firstSeen;
    this.lastSeen = firstSeen;
  }

  /** Counts a post, original or not. */
  void count(long time, String platform, double weight, BurstMeasure measure) {
    posts++;
    platforms.merge(platform, 1L, Long::sum);
    firstSeen = Math.min(firstSeen, time);
    lastSeen = Math.max(lastSeen, time);
    pulse.beat(time, weight, measure);
  }

  /** The trends merged into it since this was last asked. */
  List<TrendId> newAliases() {
    List<TrendId> added = List.copyOf(aliases.subList(toldAliases, aliases.size()));
    toldAliases = aliases.size();
    return added;
  }

  /** Remembers a member's id; returns the one forgotten for it, if any. */
  @Nullable Long remember(long member) {
    members.remove(member);
    members.add(member);
    if (members.size() <= MEMBERS) {
      return null;
    }
    Long eldest = members.iterator().next();
    members.remove(eldest);
    traces.forget(eldest);
    return eldest;
  }

  void addDirection(byte[] direction) {
    int[] total = sum;
    if (total == null) {
      total = new int[direction.length];
      sum = total;
    }
    Direction.add(total, direction);
    directions++;
    sumNorm = Direction.norm(total);
  }

  void addDirections(int[] others, int count) {
    int[] total = sum;
    if (total == null) {
      total = new int[others.length];
      sum = total;
    }
    for (int i = 0; i < total.length; i++) {
      total[i] += others[i];
    }
    directions += count;
    sumNorm = Direction.norm(total);
  }

  /** The mean cosine between two of its posts; 1 for a single one. */
  double tightness() {
    int[] total = sum;
    return total == null || directions < 2
        ? 1
        : Direction.tightness(sumNorm / Direction.unit(total.length), directions);
  }

  /** The mean cosine between its posts and their middle. */
  double closeness() {
    int[] total = sum;
    return total == null || directions == 0
        ? 1
        : sumNorm / (Direction.unit(total.length) * directions);
  }

  /**
   * Keeps a post as an exemplar, unless one says the same; the oldest but the central one goes.
   *
   * @return the exemplar that stands for the post
   */
  Exemplar exemplify(Exemplar post) {
    for (Exemplar kept : exemplars) {
      if (kept.cosine(post) >= ALREADY_SAID) {
        return kept;
      }
    }
    Exemplar gone =
        exemplars.size() < EXEMPLARS
            ? null
            : exemplars.remove(exemplars.get(0) == central() ? 1 : 0);
    exemplars.add(post);
    if (gone != null) {
      traces.follow(gone, nearest(gone));
    }
    return post;
  }

  private @Nullable Exemplar nearest(Exemplar gone) {
    Exemplar nearest = null;
    double best = 0;
    for (Exemplar kept : exemplars) {
      double cosine = kept.cosine(gone);
      if (cosine > best) {
        nearest = kept;
        best = cosine;
      }
    }
    return nearest;
  }

  /** The exemplar nearest to the middle of the story. */
  Exemplar central() {
    Exemplar best = exemplars.getFirst();
    double bestCentrality = -1;
    for (Exemplar exemplar : exemplars) {
      double centrality = centrality(exemplar);
      if (centrality > bestCentrality) {
        best = exemplar;
        bestCentrality = centrality;
      }
    }
    return best;
  }

  double cosine(Exemplar post) {
    byte[] direction = post.direction;
    int[] middle = sum;
    if (direction == null || middle == null || sumNorm == 0 || post.norm == 0) {
      return 0;
    }
    return Direction.dot(middle, direction) / (sumNorm * post.norm);
  }

  private double centrality(Exemplar exemplar) {
    double used = 0;
    for (Term term : exemplar.terms) {
      used += (double) terms.getOrDefault(term, 0) / originals;
    }
    double words = exemplar.terms.length == 0 ? 0 : used / exemplar.terms.length;
    return cosine(exemplar) + words / 2;
  }

  /** Begins anew from its exemplars: what it knows of is what they say. */
  void relearn() {
    sum = null;
    directions = 0;
    sumNorm = 0;
    originals = exemplars.size();
    terms.clear();
    for (Exemplar exemplar : exemplars) {
      byte[] direction = exemplar.direction;
      if (direction != null) {
        addDirection(direction);
      }
      for (Term term : exemplar.terms) {
        terms.merge(term, 1, Integer::sum);
      }
    }
  }

  /** The rarest-used words beyond the bound, which the story may forget. */
  List<Term> superfluous() {
    if (terms.size() <= WORDS) {
      return List.of();
    }
    Set<Term> needed = new HashSet<>();
    exemplars.forEach(exemplar -> needed.addAll(List.of(exemplar.terms)));
    return terms.entrySet().stream()
        .filter(entry -> !needed.contains(entry.getKey()))
        .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .limit(terms.size() - WORDS_AFTER_PRUNING)
        .map(Map.Entry::getKey)
        .toList();
  }
}
