package io.pulsegrid.compute.cluster;

import io.pulsegrid.core.trend.TrendId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The undoing of a merge that was none, or of a beginning that was two: a story whose posts fall
 * into two groups gives the smaller away.
 *
 * <p>What is divided is what is known. A post that the story still knows one by one goes with the
 * exemplar that stands for it, and takes its count, platform, hour and weight along; whatever it
 * does not know any more stays. What the two are about is begun anew from their exemplars, as of
 * any story of so few posts.
 */
final class Splits {
  /** A story is looked at whenever it has so many more originals. */
  private static final int EVERY = 4;

  /** Fewer exemplars on a side are strays, not a story. */
  private static final int LEAST_EXEMPLARS = 4;

  private final ClusterSettings settings;
  private final Stories stories;
  private final Likenesses likenesses;

  Splits(ClusterSettings settings, Stories stories, Likenesses likenesses) {
    this.settings = settings;
    this.stories = stories;
    this.likenesses = likenesses;
  }

  /** The exemplars of the part that should leave a story; empty where it holds together. */
  Set<Exemplar> leaving(Story story) {
    Parting parting =
        story.originals % EVERY == 0 ? Parting.of(story.exemplars, LEAST_EXEMPLARS) : null;
    if (parting == null || !likenesses.areTwo(parting, stories.size())) {
      return Set.of();
    }
    int first = story.traces.behind(parting.first());
    int second = story.traces.behind(parting.second());
    List<Exemplar> smaller = second <= first ? parting.second() : parting.first();
    return Math.min(first, second) < LEAST_EXEMPLARS ? Set.of() : new HashSet<>(smaller);
  }

  /** Makes a part of a story one of its own. */
  Story split(
      Story whole,
      Set<Exemplar> leaving,
      TrendId id,
      long step,
      Function<Story, BurstMeasure> measure) {
    stories.unlist(whole);
    Traces known = new Traces();
    whole.traces.leave(leaving, known);
    List<Trace> posts = known.all();
    Pulse pulse = Pulse.begun(settings.halfLife().toMillis(), posts.getFirst().time);
    Story part = new Story(id, step, pulse, posts.getFirst().time);
    part.traces.join(known);
    part.touchedAt = step;
    for (Trace trace : posts) {
      part.posts++;
      part.platforms.merge(trace.platform, 1L, Long::sum);
      pulse.count(trace.time, trace.weight);
      // A copy that was reworded into an original stands there twice: its latest wording counts.
      part.arrivals.merge(trace.post, trace.sequence, Math::max);
    }
    part.lastSeen = posts.getLast().time;
    for (long member : known.originals().keySet()) {
      whole.members.remove(member);
      part.members.add(member);
    }
    for (Exemplar exemplar : whole.exemplars) {
      if (leaving.contains(exemplar)) {
        part.exemplars.add(exemplar);
      }
    }
    reduce(whole, part);
    whole.pulse.part(pulse, id);
    pulse.parted(whole.id, measure.apply(part));
    stories.divide(whole, part);
    return part;
  }

  private static void reduce(Story whole, Story part) {
    whole.posts -= part.posts;
    part.platforms.forEach(
        (name, posts) ->
            whole.platforms.computeIfPresent(
                name, (_, all) -> all.equals(posts) ? null : Long.valueOf(all - posts)));
    whole.exemplars.removeAll(part.exemplars);
    whole.arrivals.keySet().removeAll(part.arrivals.keySet());
    List<Trace> left = whole.traces.all();
    // Known only where the first or the last has left; what was forgotten lies between them.
    if (part.firstSeen == whole.firstSeen) {
      whole.firstSeen = left.getFirst().time;
    }
    if (part.lastSeen == whole.lastSeen) {
      whole.lastSeen = left.getLast().time;
    }
  }
}
