package io.pulsegrid.compute.cluster;

import java.util.Map;

/** How alike posts and stories are: meaning by vectors, matter by rare words, nearness in time. */
final class Likenesses {
  private static final double DAY_MILLIS = 86_400_000d;
  private static final double STRANGER_PER_DOUBLED_TIME = .04;

  // Labelled stories have a mean cosine of .35 and more between their posts.
  private static final double TIGHT = .37;
  private static final double LARGE = 20;

  // How much the second nearest exemplar says beside the nearest.
  private static final double SECOND = .3;

  private static final double STANDOFF = .3;
  private static final double USUAL_DISTANCE = .25;
  private static final double ENOUGH_TO_KNOW = 6;

  // Two stories that make a loose one are less likely one than a post that does.
  private static final double LOOSER_TOGETHER = 1.5;

  // Averaged over many posts, whatever two crowds have in common looks alike: from here on a post
  // or a crowd must be near the posts of a story too, not only to their mean.
  private static final int CROWD = 150;
  private static final int NO_STRAYS = 5;
  private static final double CLOSE_POST = .28;
  private static final double CLOSE_CROWD = .32;

  // How far below the threshold of a merge two parts must lie, so that they are not merged again as
  // soon as each has grown a little.
  private static final double HYSTERESIS = .12;
  private static final double APART = .25;

  /** How many posts say what a story is about. */
  private static final int ENOUGH_TO_JOIN = 3;

  private final ClusterSettings settings;
  private final Vocabulary vocabulary;

  /** Which post's terms are marked just now. */
  private long marked;

  Likenesses(ClusterSettings settings, Vocabulary vocabulary) {
    this.settings = settings;
    this.vocabulary = vocabulary;
  }

  /** How far a post lies above the threshold for joining a story; negative where it must not. */
  double surplus(Exemplar post, double postWeight, long time, Story story, int activeStories) {
    long gap = gap(time, time, story);
    if (gap > settings.quiet().toMillis()) {
      return Double.NEGATIVE_INFINITY;
    }
    mark(post);
    double nearest = -1;
    double second = -1;
    double nearestWords = 0;
    for (Exemplar exemplar : story.exemplars) {
      double near = post.cosine(exemplar);
      second = Math.max(second, Math.min(nearest, near));
      nearest = Math.max(nearest, near);
      nearestWords = Math.max(nearestWords, sharedWords(postWeight, exemplar, activeStories));
    }
    double words = (nearestWords + covered(post, postWeight, story, activeStories)) / 2;
    double strange = strangeness(gap);
    if (post.direction == null || story.sum == null) {
      return words - strange - settings.joinOnWordsAt();
    }
    double cosine = story.cosine(post);
    if (story.directions >= CROWD && cosine * story.closeness() < CLOSE_POST) {
      return Double.NEGATIVE_INFINITY;
    }
    // One post alone may be near by chance.
    double nearby = story.exemplars.size() < 2 ? nearest : (1 - SECOND) * nearest + SECOND * second;
    double meaning = (nearby + cosine) / 2;
    double share = settings.join().wordShare();
    return (1 - share) * meaning
        + share * words
        - strange
        - looseness(story.tightness(), story.directions)
        - standoff(story, cosine)
        - settings.join().at();
  }

  /** How far two stories lie above the threshold for merging. */
  double surplus(Story one, Story other, double cosine, int activeStories) {
    long gap = gap(one.firstSeen, one.lastSeen, other);
    if (gap > settings.quiet().toMillis() || areCrowdsApart(one, other, cosine)) {
      return Double.NEGATIVE_INFINITY;
    }
    double share = settings.merge().wordShare();
    double merging =
        (1 - share) * cosine
            + share * sharedProfile(one.terms, other.terms, activeStories)
            - strangeness(gap)
            - LOOSER_TOGETHER
                * looseness(
                    tightnessTogether(one, other, cosine), one.directions + other.directions)
            - settings.merge().at();
    Story lone = one.originals <= other.originals ? one : other;
    Story larger = lone == one ? other : one;
    return lone.originals == 1 && larger.originals >= ENOUGH_TO_JOIN
        ? Math.max(merging, surplusOfLone(lone, larger, activeStories))
        : merging;
  }

  /**
   * Whether two groups of a story's posts are no story together: far below the threshold at which
   * they would be merged again, and each post closer to its own group than to the other.
   */
  boolean areTwo(Parting parting, int activeStories) {
    if (parting.within - parting.across < APART) {
      return false;
    }
    double share = settings.merge().wordShare();
    double cosine = Direction.cosine(Parting.sum(parting.first()), Parting.sum(parting.second()));
    double words =
        sharedProfile(
            Parting.words(parting.first()), Parting.words(parting.second()), activeStories);
    return (1 - share) * cosine + share * words <= settings.merge().at() - HYSTERESIS;
  }

  /** Whether too many posts of the one would be too far from those of the other, on average. */
  private static boolean areCrowdsApart(Story one, Story other, double cosine) {
    return one.directions + other.directions >= CROWD
        && Math.min(one.directions, other.directions) >= NO_STRAYS
        && cosine * one.closeness() * other.closeness() < CLOSE_CROWD;
  }

  /** A post that came too early to find its story is looked at again as if it came now. */
  private double surplusOfLone(Story lone, Story larger, int activeStories) {
    Exemplar post = lone.exemplars.getFirst();
    double postWeight = vocabulary.weight(post.terms, activeStories);
    return surplus(post, postWeight, lone.lastSeen, larger, activeStories);
  }

  /**
   * What keeps a story from swallowing everything: the looser and larger it is, the harder to join.
   */
  private static double looseness(double tightness, int posts) {
    return Math.max(0, TIGHT - tightness) * Math.min(1, posts / LARGE);
  }

  /** A post much farther from the middle of a story than its own posts are is a stranger to it. */
  private static double standoff(Story story, double cosine) {
    double known = Math.min(1, (story.directions - 1) / ENOUGH_TO_KNOW);
    return STANDOFF * known * Math.max(0, story.closeness() - cosine - USUAL_DISTANCE);
  }

  private static double tightnessTogether(Story one, Story other, double cosine) {
    int[] sum = one.sum;
    if (sum == null) {
      return 1;
    }
    double together =
        Math.sqrt(
            one.sumNorm * one.sumNorm
                + other.sumNorm * other.sumNorm
                + 2 * cosine * one.sumNorm * other.sumNorm);
    return Direction.tightness(
        together / Direction.unit(sum.length), one.directions + other.directions);
  }

  private static long gap(long first, long last, Story story) {
    return Math.max(0, Math.max(story.firstSeen - last, first - story.lastSeen));
  }

  private static double strangeness(long gapMillis) {
    return gapMillis == 0
        ? 0
        : STRANGER_PER_DOUBLED_TIME
            * StrictMath.log(1 + gapMillis / (2 * DAY_MILLIS))
            / StrictMath.log(2);
  }

  /** So that each term of another post tells by itself whether this one has it. */
  private void mark(Exemplar post) {
    marked++;
    for (Term term : post.terms) {
      term.mark = marked;
    }
  }

  /** With the post whose terms are marked. */
  private double sharedWords(double postWeight, Exemplar other, int activeStories) {
    double shared = 0;
    double otherWeight = 0;
    for (Term term : other.terms) {
      double weight = vocabulary.weight(term, activeStories);
      otherWeight += weight;
      if (term.mark == marked) {
        shared += weight;
      }
    }
    return shared == 0 ? 0 : shared / Math.sqrt(postWeight * otherWeight);
  }

  private double covered(Exemplar post, double postWeight, Story story, int activeStories) {
    double covered = 0;
    for (Term term : post.terms) {
      Integer users = story.terms.get(term);
      if (users != null) {
        covered += vocabulary.weight(term, activeStories) * users / story.originals;
      }
    }
    return covered == 0 ? 0 : covered / postWeight;
  }

  private double sharedProfile(
      Map<Term, Integer> one, Map<Term, Integer> other, int activeStories) {
    double shared = 0;
    double ones = 0;
    for (Map.Entry<Term, Integer> entry : one.entrySet()) {
      double weight = vocabulary.weight(entry.getKey(), activeStories);
      double users = entry.getValue();
      ones += weight * users * users;
      shared += weight * users * other.getOrDefault(entry.getKey(), 0);
    }
    double others = 0;
    for (Map.Entry<Term, Integer> entry : other.entrySet()) {
      double users = entry.getValue();
      others += vocabulary.weight(entry.getKey(), activeStories) * users * users;
    }
    return shared == 0 ? 0 : shared / Math.sqrt(ones * others);
  }
}
