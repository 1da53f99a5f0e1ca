package io.pulsegrid.core.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Any interleaving of grants, settles, releases and crashes, counted by an outside judge. */
class SlidingWindowProperties {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  @Property(tries = 400)
  void noWindowEverHoldsMoreThanItsLimit(@ForAll long seed) {
    Random random = new Random(seed);
    List<WindowRule> rules = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      rules.add(
          new WindowRule(1 + random.nextInt(12), Duration.ofMillis(1 + random.nextInt(20_000))));
    }
    judge(new World(random, rules).run(600), rules);
  }

  @Property(tries = 12)
  void neitherDoesAWindowTooLargeToBeExact(@ForAll long seed) {
    Random random = new Random(seed);
    List<WindowRule> rules =
        List.of(
            new WindowRule(600 + random.nextInt(900), Duration.ofMinutes(2)),
            new WindowRule(520, Duration.ofSeconds(20)));
    List<Instant> events = new World(random, rules).run(6_000);
    judge(events, rules);
    assertThat(events).hasSizeGreaterThan(1_500);
  }

  @Property(tries = 12)
  void aWindowUpToTheSlotsIsFilledToTheLastPermit(@ForAll long seed) {
    int limit = 1 + new Random(seed).nextInt(EventLog.SLOTS);
    WindowRule rule = new WindowRule(limit, Duration.ofHours(3));
    SlidingWindow window = covering(List.of(rule));
    for (int round = 0; round < 3; round++) {
      Instant now = START.plus(Duration.ofHours(4L * round));
      int granted = 0;
      while (window.grant(List.of(rule), new long[] {(long) limit * round + granted}, now, now)
          == 1) {
        window.settle((long) limit * round + granted, now.plusMillis(granted));
        granted++;
      }
      assertThat(granted).isEqualTo(limit);
    }
  }

  /** As a platform would: no stretch of time as long as the window sees more than the limit. */
  private static void judge(List<Instant> events, List<WindowRule> rules) {
    List<Instant> seen = events.stream().sorted().toList();
    for (WindowRule rule : rules) {
      for (int i = 0; i + rule.limit() < seen.size(); i++) {
        Duration span = Duration.between(seen.get(i), seen.get(i + rule.limit()));
        assertThat(span)
            .describedAs("%s events from %s under %s", rule.limit() + 1, seen.get(i), rule)
            .isGreaterThan(rule.window());
      }
    }
  }

  static SlidingWindow covering(List<WindowRule> rules) {
    SlidingWindow window = new SlidingWindow();
    window.cover(rules.stream().map(WindowRule::window).toList(), List.of());
    return window;
  }

  /**
   * Callers who crash, repeat themselves and answer late; and a platform that counts in between.
   */
  private static final class World {
    private static final Duration LEASE = Duration.ofSeconds(2);

    private record Call(long permit, Instant countedAt, Instant endsAt, Ending ending) {}

    private enum Ending {
      SETTLED,
      SETTLED_TWICE,
      RELEASED,
      ABANDONED
    }

    private final Random random;
    private final List<WindowRule> rules;
    private final PriorityQueue<Call> calls =
        new PriorityQueue<>((one, other) -> one.endsAt().compareTo(other.endsAt()));
    private final List<Instant> counted = new ArrayList<>();
    private SlidingWindow window;
    private Instant now = START;
    private long permits;

    World(Random random, List<WindowRule> rules) {
      this.random = random;
      this.rules = rules;
      this.window = covering(rules);
    }

    List<Instant> run(int steps) {
      for (int step = 0; step < steps; step++) {
        now = now.plusNanos(random.nextLong(random.nextBoolean() ? 2_000_000 : 900_000_000));
        while (!calls.isEmpty() && !calls.peek().endsAt().isAfter(now)) {
          end(calls.remove());
        }
        if (random.nextInt(4) != 0) {
          call(1 + random.nextInt(6));
        }
        if (random.nextInt(10) == 0) {
          window = SlidingWindow.restore(window.snapshot());
        }
        if (random.nextInt(10) == 0) {
          window.tidy(rules, now);
        }
      }
      return counted;
    }

    private void call(int wanted) {
      long[] asked = LongStream.range(permits, permits + wanted).toArray();
      permits += wanted;
      int granted = window.grant(rules, asked, now, now.plus(LEASE));
      if (random.nextInt(5) == 0) {
        assertThat(window.grant(rules, asked, now, now.plus(LEASE))).isEqualTo(granted);
      }
      for (long permit : Arrays.copyOf(asked, granted)) {
        Ending ending = Ending.values()[random.nextInt(Ending.values().length)];
        Instant ends = now.plusNanos(random.nextLong(LEASE.toNanos()));
        Instant counts = now.plusNanos(random.nextLong(Duration.between(now, ends).toNanos() + 1));
        if (ending == Ending.ABANDONED) {
          counts = now.plusNanos(random.nextLong(LEASE.toNanos()));
        }
        if (ending != Ending.RELEASED) {
          counted.add(counts);
        }
        calls.add(new Call(permit, counts, ends, ending));
      }
    }

    private void end(Call call) {
      switch (call.ending()) {
        case SETTLED -> window.settle(call.permit(), call.endsAt());
        case SETTLED_TWICE -> {
          window.settle(call.permit(), call.endsAt());
          window.settle(call.permit(), call.endsAt());
        }
        case RELEASED -> window.release(call.permit());
        case ABANDONED -> {}
      }
    }
  }
}
