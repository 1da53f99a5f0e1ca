package io.pulsegrid.compute.cluster;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The trends of one workspace, found in a single pass. For one thread. What it decides follows from
 * the members added, in their order, and from nothing else: not from when it is drained, nor from
 * whether it was stopped and restored in between.
 *
 * <p>Memory is bounded by {@link ClusterSettings#maxActive()}: trends that were quiet for long in
 * event time retire, and above the bound the least alive do of those that no post has joined of
 * late. A retired trend is drained once more and forgotten here.
 *
 * <p>There is one time, that of the newest post: by it every trend is judged. What is told of days
 * gone by, after later days were, makes trends that are over already.
 */
public final class TrendClusterer {
  private static final long LOOK_EVERY_MILLIS = 60_000;

  private final WorkspaceId workspace;
  private final ClusterSettings settings;
  private final Stories stories;
  private final Likenesses likenesses;
  private final Splits splits;
  private final Telling telling;
  private final StoryCodec codec;
  private final Vocabulary vocabulary;

  private final Set<Story> touched = new LinkedHashSet<>();
  private final Set<Story> restless = new LinkedHashSet<>();
  private final List<Snapshot> retired = new ArrayList<>();

  /** What retired, or was let go of, before its posts' own rows said where they had gone. */
  private final List<Move> left = new ArrayList<>();

  private EventClock clock = new EventClock();
  private Tide tide;
  private long step;
  private long lookedAt = -LOOK_EVERY_MILLIS;
  private int dimensions;

  public TrendClusterer(WorkspaceId workspace, ClusterSettings settings) {
    this.workspace = workspace;
    this.settings = settings;
    vocabulary = new Vocabulary(settings.maxActive());
    stories = new Stories(settings, vocabulary);
    likenesses = new Likenesses(settings, vocabulary);
    splits = new Splits(settings, stories, likenesses);
    telling = new Telling(workspace, vocabulary);
    codec = new StoryCodec(vocabulary, settings.halfLife().toMillis());
    tide = new Tide(settings.halfLife().toMillis());
  }

  /**
   * Puts a post into the trend it belongs to, or begins one. A duplicate joins the trend of its
   * original as volume while that is still known; a post already added stays where it is and is not
   * counted again, as far as is known here: {@link #again} is told so.
   *
   * @return the trend; a later merge may turn it into an alias of another, and a later split may
   *     take the post along, which {@link #moves()} tells then
   */
  public TrendId add(Member member) {
    Story known = known(member.id());
    if (known != null) {
      resequence(known, member.id(), member.sequence());
      return known.id;
    }
    byte[] direction = direction(member.vector());
    step++;
    long time = member.publishedAt().toEpochMilli();
    clock.observe(time);
    tide.observe(Math.min(time, clock.now()), member.platform());
    Story story = place(member, direction, time);
    touch(story);
    retireTheQuiet(story);
    return story.id;
  }

  /**
   * A post that comes again in other words and was counted before: it stays where it is.
   *
   * @param counted the trend that counted it, under any id that it has had
   * @return that trend as it is called now; {@code counted} itself where it has retired
   */
  public TrendId again(PostId post, long sequence, TrendId counted) {
    Story known = known(post);
    Story story = known == null ? stories.named(counted) : known;
    if (story == null) {
      return counted;
    }
    resequence(story, post, sequence);
    return story.id;
  }

  /** The story that remembers a post, or that was begun by it: a trend's id is given once. */
  private @Nullable Story known(PostId post) {
    Story holding = stories.holding(post);
    return holding == null ? stories.named(TrendId.begunBy(post)) : holding;
  }

  /** Reworded, and still known one by one: it has a new place in the order. */
  private void resequence(Story known, PostId post, long sequence) {
    Trace trace = stories.trace(known, post);
    if (trace != null && trace.sequence != sequence) {
      trace.sequence = sequence;
      known.arrivals.computeIfPresent(post, (_, _) -> sequence);
      touched.add(known);
    }
  }

  private Story place(Member member, byte @Nullable [] direction, long time) {
    PostId original = member.duplicateOf();
    Story repeated = original == null ? null : stories.holding(original);
    double weight = 1 + StrictMath.log10(1d + member.engagement()) / 4;
    if (original != null && repeated != null) {
      stories.unlist(repeated);
      repeated.count(time, member.platform(), weight, measure(repeated));
      stories.list(repeated);
      Trace first = stories.trace(repeated, original);
      repeated.traces.copied(trace(member, time, weight, first == null ? null : first.behind));
      stories.hold(repeated, original);
      return repeated;
    }
    Exemplar post =
        new Exemplar(
            member.wording(), vocabulary.read(member.wording()), direction, member.engagement());
    Story nearest = nearest(post, time);
    Story story = nearest == null ? begin(member, time) : nearest;
    stories.unlist(story);
    story.count(time, member.platform(), weight, measure(story));
    Exemplar standing = stories.take(story, post);
    stories.list(story);
    stories.hold(story, trace(member, time, weight, standing));
    return nearest == null ? story : settled(story, member);
  }

  private static Trace trace(Member member, long time, double weight, @Nullable Exemplar behind) {
    return new Trace(member.id(), member.sequence(), time, member.platform(), weight, behind);
  }

  /** Merges a story that grew with the one most alike, if any is; else looks whether it is two. */
  private Story settled(Story story, Member member) {
    Story other = stories.mostAlike(story, likenesses);
    return other == null ? split(story, member) : merged(story, other);
  }

  private Story split(Story whole, Member last) {
    Set<Exemplar> leaving = splits.leaving(whole);
    TrendId id = TrendId.splitFrom(workspace, whole.id, last.id());
    if (leaving.isEmpty() || stories.named(id) != null) {
      return whole;
    }
    Story part = splits.split(whole, leaving, id, step, this::measure);
    touch(whole);
    touch(part);
    Story holding = stories.holding(last.id());
    return holding == null ? whole : holding;
  }

  private BurstMeasure measure(Story story) {
    return BurstMeasure.of(tide, tide.expectation(story.platforms, clock.now()));
  }

  private byte @Nullable [] direction(float @Nullable [] vector) {
    if (vector == null) {
      return null;
    }
    if (dimensions != 0 && vector.length != dimensions) {
      throw new IllegalArgumentException(
          "a vector must have " + dimensions + " dimensions, was " + vector.length);
    }
    dimensions = vector.length;
    return Direction.quantised(vector);
  }

  private Story begin(Member member, long time) {
    Pulse pulse = Pulse.begun(settings.halfLife().toMillis(), time);
    return new Story(TrendId.begunBy(member.id()), step, pulse, time);
  }

  private @Nullable Story nearest(Exemplar post, long time) {
    double postWeight = vocabulary.weight(post.terms, stories.size());
    Story best = null;
    double bestSurplus = 0;
    for (Story story : stories.candidates().of(post, step, stories.size())) {
      double surplus = likenesses.surplus(post, postWeight, time, story, stories.size());
      if (surplus > bestSurplus
          || (surplus == bestSurplus && (best == null || story.born < best.born))) {
        best = story;
        bestSurplus = surplus;
      }
    }
    return best;
  }

  /** Merges two stories; the larger lives on. */
  private Story merged(Story story, Story other) {
    boolean storyLives =
        story.posts > other.posts || (story.posts == other.posts && story.born < other.born);
    Story survivor = storyLives ? story : other;
    Story absorbed = storyLives ? other : story;
    touched.remove(absorbed);
    restless.remove(absorbed);
    stories.merge(survivor, absorbed, measure(survivor));
    return survivor;
  }

  private void touch(Story story) {
    story.touchedAt = step;
    touched.add(story);
  }

  private void retireTheQuiet(Story justTouched) {
    for (Story story = stories.retiring(clock.now(), step, justTouched);
        story != null;
        story = stories.retiring(clock.now(), step, justTouched)) {
      retired.add(
          new Snapshot(
              telling.last(story, clock.now(), stories.size()), new byte[0], story.newAliases()));
      forget(story);
    }
  }

  private void forget(Story story) {
    left.addAll(moves(story));
    touched.remove(story);
    restless.remove(story);
    stories.remove(story);
  }

  /**
   * What changed since the last drain: trends that grew, merged, were split or retired, and those
   * whose state or score moved because time went by. Storing all of it, together with the last
   * sequence added, is a checkpoint.
   */
  public List<Snapshot> drainTouched() {
    List<Snapshot> drained = new ArrayList<>(retired);
    retired.clear();
    lookAtTheRestless();
    for (Story story : touched) {
      drained.add(tell(story));
    }
    touched.clear();
    return drained;
  }

  private void lookAtTheRestless() {
    // Decay is slow: no need to follow it between two drains of the same minute.
    if (clock.now() < lookedAt + LOOK_EVERY_MILLIS) {
      return;
    }
    lookedAt = clock.now();
    for (Story story : restless) {
      if (!touched.contains(story) && moved(story)) {
        touched.add(story);
      }
    }
  }

  private boolean moved(Story story) {
    Pulse pulse = story.pulse.lookedAt(clock.now());
    double score = pulse.score(tide.expectation(story.platforms, clock.now()));
    return pulse.state() != story.toldState || score < story.toldScore / 4;
  }

  private Snapshot tell(Story story) {
    Snapshot snapshot =
        new Snapshot(
            telling.of(story, tide, clock.now(), stories.size()),
            codec.encode(story, step, clock, tide),
            story.newAliases());
    told(story, snapshot);
    return snapshot;
  }

  private void told(Story story, Snapshot snapshot) {
    story.toldState = snapshot.trend().state();
    story.toldScore = snapshot.trend().score();
    // A trend of one post is not listed; its decay is told when it retires.
    boolean mayMove = story.toldScore > 0 || story.toldState != TrendState.FADING;
    if (story.posts > 1 && mayMove) {
      restless.add(story);
    } else {
      restless.remove(story);
    }
  }

  /**
   * Takes a trend back from the store. Every stored trend is restored before the first add, in any
   * order; one that had retired is passed over.
   *
   * @throws IllegalArgumentException if the state is not one that {@link #drainTouched} gave
   */
  public void restore(Snapshot snapshot) {
    if (snapshot.retired()) {
      return;
    }
    StoryCodec.Decoded decoded =
        codec.decode(snapshot.trend().id(), snapshot.state(), snapshot.aliases());
    Story story = decoded.story();
    stories.restore(story);
    told(story, snapshot);
    if (decoded.step() >= step) {
      step = decoded.step();
      clock = decoded.clock();
      tide = decoded.tide();
    }
    int[] sum = story.sum;
    dimensions = sum == null ? dimensions : sum.length;
  }

  /** Forgets trends, which retention has deleted from the store; unknown ones are passed over. */
  public void remove(Collection<TrendId> ids) {
    boolean any = false;
    for (TrendId id : ids) {
      Story story = stories.find(id);
      if (story != null) {
        forget(story);
        any = true;
      }
    }
    // The forgotten may have carried the newest state of the stream: another takes it over.
    Story heir = any ? stories.latest() : null;
    if (heir != null) {
      touched.add(heir);
    }
  }

  /**
   * Posts that a split took from their trend to another, until {@link #moved()}. They are part of
   * what is drained, so that whoever restores it finds them again: their own rows are to be changed
   * after that is stored. Only those of a part that retires before that is drained are not: a crash
   * in between leaves them with their former trend.
   */
  public List<Move> moves() {
    List<Move> moves = new ArrayList<>(left);
    for (Story story : stories.all()) {
      if (!story.arrivals.isEmpty()) {
        moves.addAll(moves(story));
      }
    }
    return moves;
  }

  private static List<Move> moves(Story story) {
    return story.arrivals.entrySet().stream()
        .map(arrival -> new Move(arrival.getKey(), arrival.getValue(), story.id))
        .toList();
  }

  /** All that {@link #moves()} gave is stored in the posts' own rows. */
  public void moved() {
    left.clear();
    for (Story story : stories.all()) {
      if (!story.arrivals.isEmpty()) {
        story.arrivals.clear();
        // So that what is stored does not say it for ever.
        touched.add(story);
      }
    }
  }

  /** How many trends are active. */
  public int active() {
    return stories.size();
  }
}
