package io.pulsegrid.node.publish;

import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The spread of what was held back: of the deliveries of a channel that waited while nothing of it
 * could go out, one goes out at a time, so that nobody is flooded when all is well again. It does
 * not matter why: an outage, a pause, refused credentials, a failing host. What is due on time goes
 * out between them. A channel goes on where calls of it end well or nothing but a limit keeps them:
 * a queue that is long for that is not spread.
 *
 * <p>Each node remembers by itself: a channel that moves to another may send one early. Told by the
 * dispatcher's thread alone, asked by any.
 */
final class CatchUp {
  /** What nobody calls held back: restarts, failovers, a queue that is merely long. */
  static final Duration SHORT = Duration.ofMinutes(5);

  /** More than a scope that is read anew stays closed. */
  private static final Duration MOMENT = Duration.ofSeconds(15);

  private final Duration every;
  private final Predicate<String> wentOn;
  private final Map<String, Course> courses = new ConcurrentHashMap<>();

  /**
   * How a channel fares.
   *
   * @param goesOn when it was last seen to go on, or will; null while that was never seen here
   * @param since from when on it was seen to go on without a break; null likewise
   * @param heldUntil until when it was held back; what had waited for {@link #SHORT} by then is
   *     spread
   * @param sentAt when it last sent one of those; null if none
   */
  private record Course(
      @Nullable Instant goesOn,
      @Nullable Instant since,
      Instant heldUntil,
      @Nullable Instant sentAt) {
    static final Course UNKNOWN = new Course(null, null, Instant.MIN, null);

    boolean goesOnAt(Instant now) {
      return goesOn != null && !goesOn.isBefore(now.minus(SHORT));
    }

    /** It goes on, and nothing but a limit keeps it until then. */
    Course goingOn(Instant now, Instant until) {
      Instant latest = goesOn == null || until.isAfter(goesOn) ? until : goesOn;
      return new Course(latest, goesOnAt(now) ? since : now, heldUntil, sentAt);
    }

    /** It always has, as somebody else knows. */
    Course wentOn(Instant until) {
      return new Course(until, Instant.MIN, Instant.MIN, sentAt);
    }

    Course held(Instant until) {
      return new Course(goesOn, since, until, sentAt);
    }

    boolean wasHeld() {
      return !heldUntil.equals(Instant.MIN);
    }
  }

  /**
   * A channel's spread.
   *
   * @param wantedBefore what was wanted before is spread
   * @param next when one of them may go out
   */
  record Spread(Instant wantedBefore, Instant next, Duration every) {}

  /**
   * @param every how long after one of a channel the next goes out; zero spreads nothing
   * @param wentOn whether a channel that this node knows nothing of sent late ones faster than that
   *     until now: its queue is merely long
   */
  CatchUp(Duration every, Predicate<String> wentOn) {
    this.every = every;
    this.wentOn = wentOn;
  }

  /** What waits on a channel that could go out now, as far as this node knows. */
  void look(String channel, Collection<Waiting> waiting, Instant now) {
    Course course = courses.computeIfAbsent(channel, _ -> Course.UNKNOWN);
    Instant late =
        waiting.stream()
            .map(Waiting::wantedAt)
            .filter(wanted -> wanted.isBefore(now.minus(SHORT)))
            .filter(wanted -> !wanted.isBefore(onTimeFrom(channel)))
            .min(Instant::compareTo)
            .orElse(null);
    Instant since = course.since();
    // What is due on time may go out before the late ones are found, and says nothing of them.
    boolean allTheWhile =
        late != null && since != null && course.goesOnAt(now) && !since.isAfter(late.plus(SHORT));
    if (late == null || allTheWhile || !every.isPositive()) {
      return;
    }
    courses.put(
        channel, !course.wasHeld() && wentOn.test(channel) ? course.wentOn(now) : course.held(now));
  }

  /** A call on a channel ended well. */
  void ended(String channel, Instant now) {
    courses.computeIfPresent(channel, (_, course) -> course.goingOn(now, now));
  }

  /**
   * A limit or a block alone holds a channel back until then, when it goes on. One that was not
   * seen to go on before did, then: its limit is used up. A moment's hold says nothing: nobody
   * answered, or a count that was lost is not open yet.
   */
  void limited(String channel, Instant until, Instant now) {
    if (until.isBefore(now.plus(MOMENT))) {
      return;
    }
    courses.computeIfPresent(
        channel,
        (_, course) -> course.goesOn() == null ? course.wentOn(until) : course.goingOn(now, until));
  }

  /** All calls of its platform are busy: a channel that goes on does so when one is free. */
  void queued(String channel, Instant now) {
    courses.computeIfPresent(
        channel, (_, course) -> course.goesOnAt(now) ? course.goingOn(now, now) : course);
  }

  /** Another node looks after it. */
  void forget(String channel) {
    courses.remove(channel);
  }

  /** Whether it was held back with its channel. */
  boolean missed(Waiting delivery) {
    return delivery.wantedAt().isBefore(onTimeFrom(delivery.channel()));
  }

  /** When it may go out: when it is due, or once the channel's last late one is long enough ago. */
  Instant readyAt(Waiting delivery) {
    Course course = missed(delivery) ? courses.get(delivery.channel()) : null;
    Instant last = course == null ? null : course.sentAt();
    return last == null || last.plus(every).isBefore(delivery.dueAt())
        ? delivery.dueAt()
        : last.plus(every);
  }

  /** The most urgent that may go out, of those that were held back only one. */
  List<Waiting> ready(Collection<Waiting> waiting, int limit, Instant now) {
    List<Waiting> chosen = new ArrayList<>();
    boolean missed = false;
    for (Waiting one :
        waiting.stream()
            .filter(each -> !readyAt(each).isAfter(now))
            .sorted(Candidates.MOST_URGENT)
            .toList()) {
      boolean late = missed(one);
      if (chosen.size() < limit && !(late && missed)) {
        chosen.add(one);
        missed |= late;
      }
    }
    return chosen;
  }

  /** It goes out. */
  void sent(Waiting delivery, Instant now) {
    if (missed(delivery)) {
      courses.computeIfPresent(
          delivery.channel(),
          (_, course) -> new Course(course.goesOn(), course.since(), course.heldUntil(), now));
    }
  }

  /** From when on deliveries of a channel were wanted that were not held back. */
  Instant onTimeFrom(String channel) {
    Course course = courses.get(channel);
    return course == null || !course.wasHeld() ? Instant.EPOCH : course.heldUntil().minus(SHORT);
  }

  /** How a channel's late ones go out; empty where none were held back. */
  Optional<Spread> spread(String channel, Instant now) {
    Course course = courses.get(channel);
    if (course == null || !course.wasHeld()) {
      return Optional.empty();
    }
    Instant sentAt = course.sentAt();
    Instant next = sentAt == null ? now : sentAt.plus(every);
    return Optional.of(
        new Spread(course.heldUntil().minus(SHORT), next.isAfter(now) ? next : now, every));
  }
}
