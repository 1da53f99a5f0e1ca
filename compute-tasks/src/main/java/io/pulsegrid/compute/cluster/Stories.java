package io.pulsegrid.compute.cluster;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.TrendId;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The active set: every story under its id, its members' ids, its words, its sketch and its end.
 */
final class Stories {
  private static final int CLOSE_LOOKS = 5;

  private final ClusterSettings settings;
  private final Vocabulary vocabulary;
  private final Candidates candidates;
  private final Map<TrendId, Story> byId = new LinkedHashMap<>();
  private final Map<Long, Story> byMember = new HashMap<>();
  private final Map<TrendId, Story> byAlias = new HashMap<>();
  private final TreeSet<Story> byEnd =
      new TreeSet<>(
          Comparator.<Story>comparingLong(story -> story.aliveUntil)
              .thenComparingLong(story -> story.born));

  Stories(ClusterSettings settings, Vocabulary vocabulary) {
    this.settings = settings;
    this.vocabulary = vocabulary;
    candidates = new Candidates(vocabulary);
  }

  int size() {
    return byId.size();
  }

  Candidates candidates() {
    return candidates;
  }

  Collection<Story> all() {
    return byId.values();
  }

  @Nullable Story find(TrendId id) {
    return byId.get(id);
  }

  /** The story that bears an id, or lives on for the one that bore it. */
  @Nullable Story named(TrendId id) {
    Story story = byId.get(id);
    return story == null ? byAlias.get(id) : story;
  }

  /** The story that still remembers a post. */
  @Nullable Story holding(PostId post) {
    return byMember.get(key(post));
  }

  /** Remembers a post as the latest of a story. */
  void hold(Story story, PostId post) {
    long key = key(post);
    byMember.put(key, story);
    forget(story.remember(key), story);
  }

  /** Remembers what a post counted for. */
  void hold(Story story, Trace trace) {
    hold(story, trace.post);
    story.traces.put(key(trace.post), trace);
  }

  /** What a story knows of a post, if it does. */
  @Nullable Trace trace(Story story, PostId post) {
    Trace original = story.traces.of(key(post));
    return original == null ? story.traces.copy(post) : original;
  }

  private void forget(@Nullable Long member, Story story) {
    if (member != null) {
      byMember.remove(member, story);
    }
  }

  /** Takes a story out of the order of ends, in which nothing may change it. */
  void unlist(Story story) {
    byEnd.remove(story);
  }

  void list(Story story) {
    long quiet = settings.quiet().toMillis();
    // One post alone is less likely to be the beginning of something.
    story.aliveUntil = story.lastSeen + (story.posts == 1 ? quiet / 2 : quiet);
    byEnd.add(story);
    byId.put(story.id, story);
  }

  /**
   * Lets a story learn from an original post.
   *
   * @return the exemplar that stands for it
   */
  Exemplar take(Story story, Exemplar post) {
    story.originals++;
    byte[] direction = post.direction;
    if (direction != null) {
      story.addDirection(direction);
    }
    for (Term term : post.terms) {
      if (story.terms.merge(term, 1, Integer::sum) == 1) {
        vocabulary.use(term, story);
      }
    }
    Exemplar standing = story.exemplify(post);
    prune(story);
    candidates.put(story);
    return standing;
  }

  private void prune(Story story) {
    for (Term term : story.superfluous()) {
      story.terms.remove(term);
      vocabulary.drop(term, story);
    }
  }

  /**
   * The story to merge with: of the five nearest by direction, the one most above the threshold.
   */
  @Nullable Story mostAlike(Story story, Likenesses likenesses) {
    int[] sum = story.sum;
    if (sum == null) {
      return null;
    }
    record Near(Story story, double cosine) {}
    List<Near> nearest =
        candidates.of(story).stream()
            .map(other -> new Near(other, cosine(sum, other)))
            .sorted(
                Comparator.comparingDouble(Near::cosine)
                    .reversed()
                    .thenComparingLong(near -> near.story().born))
            .limit(CLOSE_LOOKS)
            .toList();
    Story best = null;
    double bestSurplus = 0;
    for (Near near : nearest) {
      double surplus = likenesses.surplus(story, near.story(), near.cosine(), size());
      if (surplus > bestSurplus) {
        best = near.story();
        bestSurplus = surplus;
      }
    }
    return best;
  }

  private static double cosine(int[] sum, Story other) {
    int[] theirs = other.sum;
    return theirs == null ? 0 : Direction.cosine(sum, theirs);
  }

  void merge(Story survivor, Story absorbed, BurstMeasure measure) {
    unlist(survivor);
    survivor.posts += absorbed.posts;
    survivor.originals += absorbed.originals;
    survivor.firstSeen = Math.min(survivor.firstSeen, absorbed.firstSeen);
    survivor.lastSeen = Math.max(survivor.lastSeen, absorbed.lastSeen);
    absorbed.platforms.forEach((name, posts) -> survivor.platforms.merge(name, posts, Long::sum));
    survivor.aliases.add(absorbed.id);
    survivor.aliases.addAll(absorbed.aliases);
    survivor.aliases.forEach(alias -> byAlias.put(alias, survivor));
    List<TrendId> told = absorbed.posts == 1 ? List.of() : List.of(absorbed.id);
    survivor.pulse.join(absorbed.pulse, told, measure);
    int[] sum = absorbed.sum;
    if (sum != null) {
      survivor.addDirections(sum, absorbed.directions);
    }
    absorbed.terms.forEach(
        (term, posts) -> {
          if (survivor.terms.put(term, survivor.terms.getOrDefault(term, 0) + posts) == null) {
            vocabulary.use(term, survivor);
          }
        });
    survivor.traces.join(absorbed.traces);
    absorbed.arrivals.forEach((post, place) -> survivor.arrivals.merge(post, place, Math::max));
    for (Exemplar exemplar : absorbed.exemplars) {
      survivor.traces.follow(exemplar, survivor.exemplify(exemplar));
    }
    for (long member : absorbed.members) {
      byMember.put(member, survivor);
      forget(survivor.remember(member), survivor);
    }
    // Only now: a word that left with its last story would come back as another.
    remove(absorbed);
    prune(survivor);
    candidates.put(survivor);
    list(survivor);
  }

  /** Lists a story that holds what another held until now; both know only their exemplars. */
  void divide(Story whole, Story part) {
    for (long member : part.members) {
      byMember.put(member, part);
    }
    Set<Term> before = new LinkedHashSet<>(whole.terms.keySet());
    part.relearn();
    whole.relearn();
    // First taken up, then dropped: a word that leaves meanwhile would come back as another.
    part.terms.keySet().forEach(term -> vocabulary.use(term, part));
    before.removeAll(whole.terms.keySet());
    before.forEach(term -> vocabulary.drop(term, whole));
    for (Story story : List.of(whole, part)) {
      candidates.put(story);
      list(story);
    }
  }

  /** The next story to retire, if any: not the one just touched. */
  @Nullable Story retiring(long now, long step, Story justTouched) {
    if (byId.size() > settings.maxActive()) {
      return leastAlive(step, justTouched);
    }
    for (Story story : byEnd) {
      if (story != justTouched) {
        boolean quiet = story.aliveUntil < now && !isBeingTold(story, step, settings.maxActive());
        return quiet ? story : null;
      }
    }
    return null;
  }

  /** The first to end of those that are not being told, which are at least half of all. */
  private @Nullable Story leastAlive(long step, Story justTouched) {
    Story first = null;
    for (Story story : byEnd) {
      if (story != justTouched) {
        if (!isBeingTold(story, step, settings.maxActive() / 2)) {
          return story;
        }
        first = first == null ? story : first;
      }
    }
    return first;
  }

  /** An import may tell history in any order: however long ago, what is still being told stays. */
  private static boolean isBeingTold(Story story, long step, int steps) {
    return step - story.touchedAt <= steps;
  }

  /** The story touched last. */
  @Nullable Story latest() {
    Story latest = null;
    for (Story story : byId.values()) {
      if (latest == null || story.touchedAt > latest.touchedAt) {
        latest = story;
      }
    }
    return latest;
  }

  /** Takes in a story whose words are already in use. */
  void restore(Story story) {
    if (byId.containsKey(story.id)) {
      throw new IllegalArgumentException("trend " + story.id + " must be restored once");
    }
    for (long member : story.members) {
      byMember.put(member, story);
    }
    story.aliases.forEach(alias -> byAlias.put(alias, story));
    if (story.sum == null) {
      for (Exemplar exemplar : story.exemplars) {
        byte[] direction = exemplar.direction;
        if (direction != null) {
          story.addDirection(direction);
        }
      }
    }
    candidates.put(story);
    list(story);
  }

  void remove(Story story) {
    byId.remove(story.id);
    story.aliases.forEach(alias -> byAlias.remove(alias, story));
    unlist(story);
    candidates.remove(story);
    for (long member : story.members) {
      byMember.remove(member, story);
    }
    for (Term term : story.terms.keySet()) {
      vocabulary.drop(term, story);
    }
  }

  /** Sixty bits of the id: enough to tell a million posts apart. */
  static long key(PostId post) {
    long key = 0;
    byte[] value = post.value().getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 12; i++) {
      int digit = value[i] >= 'a' ? value[i] - 'a' : value[i] - '2' + 26;
      key = key << 5 | digit;
    }
    return key;
  }
}
