package io.pulsegrid.core.publish;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The platform of a {@link PublishingWorld}: it creates, refuses, throttles, breaks off, answers
 * late and with what is not true, and creates nothing twice under a key that it remembers.
 */
final class PlatformInTheWorld {
  static final Duration KEY_MEMORY = Duration.ofHours(1);

  /** How long a post may be under way while its sender lives. */
  private static final Duration LATEST = Duration.ofMinutes(40);

  private final Random random;
  private final boolean knowsItsKey;
  private final Consumer<String> story;
  private final List<UnderWay> underWay = new ArrayList<>();
  private final List<Instant> created = new ArrayList<>();

  /** How a call comes out. */
  interface Fate {
    Outcome of(Instant now, Instant deadline, int node);
  }

  /**
   * A post whose sender heard nothing and that arrives all the same.
   *
   * @param outlives until when it arrives even if its sender dies
   */
  private record UnderWay(Instant at, Instant outlives, int node) {}

  /**
   * @param knowsItsKey whether every call of the delivery comes under the same key
   */
  PlatformInTheWorld(Random random, boolean knowsItsKey, Consumer<String> story) {
    this.random = random;
    this.knowsItsKey = knowsItsKey;
    this.story = story;
  }

  int posts() {
    return created.size();
  }

  /** What was under way until now arrives. */
  void pass(Instant now) {
    List<UnderWay> arrived =
        underWay.stream()
            .filter(one -> !one.at().isAfter(now))
            .sorted(Comparator.comparing(UnderWay::at))
            .toList();
    underWay.removeAll(arrived);
    arrived.forEach(one -> create(one.at()));
  }

  /** A sender died: of what it sent only what a lease waits for can still arrive. */
  void died(int node) {
    underWay.removeIf(one -> one.node() == node && one.at().isAfter(one.outlives()));
  }

  /** Whether nothing can arrive any more. */
  boolean quiet() {
    return underWay.isEmpty();
  }

  /** A call while all is well. */
  Outcome good(Instant now, Instant deadline, int node) {
    create(now);
    return new Outcome.Accepted("id" + created.size(), null, 200, "");
  }

  /** A call that may come to anything. */
  Outcome any(Instant now, Instant deadline, int node) {
    int fate = random.nextInt(10);
    if (remembers(now)) {
      // A replay answers the first post again, or breaks.
      return fate < 5
          ? new Outcome.Accepted("id" + created.size(), null, 200, "")
          : new Outcome.Ambiguous(500, "replay");
    }
    return switch (fate) {
      case 0, 1 -> good(now, deadline, node);
      case 2 -> {
        create(now);
        yield new Outcome.Ambiguous(0, "created, then closed");
      }
      case 3 -> {
        create(now);
        yield new Outcome.Ambiguous(400, "created, then said to be wrong");
      }
      case 4 -> {
        Instant outlives = deadline.plusSeconds(29);
        Instant latest = random.nextBoolean() ? outlives : now.plus(LATEST);
        long left = Duration.between(now, latest).toMillis();
        Instant at = now.plusMillis((long) (random.nextDouble() * left));
        underWay.add(new UnderWay(at, outlives, node));
        yield new Outcome.Ambiguous(0, "timeout; it arrives late");
      }
      case 5 -> new Outcome.Ambiguous(0, "timeout; it never arrives");
      case 6 -> new Outcome.Transient(0, "refused");
      case 7 -> new Outcome.Throttled(now.plusSeconds(300), 429, "");
      case 8 -> new Outcome.Unauthorized(401, "");
      default -> new Outcome.Rejected(422, "");
    };
  }

  private void create(Instant at) {
    if (!remembers(at)) {
      created.add(at);
      story.accept(at + " CREATED");
    }
  }

  private boolean remembers(Instant at) {
    return knowsItsKey && !created.isEmpty() && created.getLast().plus(KEY_MEMORY).isAfter(at);
  }
}
