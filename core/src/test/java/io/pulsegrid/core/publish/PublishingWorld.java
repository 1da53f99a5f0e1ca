package io.pulsegrid.core.publish;

import io.pulsegrid.core.publish.Publisher.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One delivery, two nodes that crash or stand still between any two steps, people who pause, edit,
 * cancel and put away, and a platform that remembers keys for an hour and may answer anything. A
 * node looks, arms, learns that it has armed, calls, hears, writes: each is a step of its own, each
 * statement's reply may be lost, and what is written may be written again, late and in any order.
 * Every decision is the rules'; fence, token and story are kept as the ledger keeps them.
 */
final class PublishingWorld {
  static final Duration TIMEOUT = Duration.ofSeconds(15);
  static final Duration LEASE = TIMEOUT.plusSeconds(30);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Random random;
  private final Flaw flaw;
  private final DeliveryRules rules = DeliveryRulesTest.rules(4);
  private final List<String> story = new ArrayList<>();

  private Instant now = START;
  private Standing row = new Standing(DeliveryState.SCHEDULED, START, 0, null, null);
  private Instant expiresAt = START.plus(Duration.ofHours(24));
  private long fence;
  private int armer;
  private int armerLife;
  private boolean channelPaused;
  private boolean everythingPaused;

  private long token;
  private boolean wrong;

  private final int[] lives = {0, 0};
  private final List<Seen> seen = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private final Set<Call> written = new HashSet<>();
  private final PlatformInTheWorld platform;

  PublishingWorld(long seed, Flaw flaw) {
    random = new Random(seed);
    this.flaw = flaw;
    platform = new PlatformInTheWorld(random, flaw != Flaw.A_KEY_FOR_EACH_CALL, story::add);
  }

  /** The row as a node read it some time ago. */
  private record Seen(int node, long fence, Standing row) {}

  private static final class Call {
    final int node;
    final long fence;
    final long token;
    final Standing armed;
    final Instant deadline;
    boolean known;
    @Nullable DeliveryEvent end;

    /**
     * @param known whether the node knows that it has armed
     */
    Call(int node, long fence, long token, Standing armed, Instant deadline, boolean known) {
      this.node = node;
      this.fence = fence;
      this.token = token;
      this.armed = armed;
      this.deadline = deadline;
      this.known = known;
    }
  }

  Standing row() {
    return row;
  }

  List<String> story() {
    return story;
  }

  /** What must never be seen at any moment; empty while all is well. */
  Optional<String> broken() {
    if (platform.posts() > 1) {
      return Optional.of("published twice");
    }
    return wrong ? Optional.of("a rule was broken") : Optional.empty();
  }

  /** What must not be seen once all is well again and has had its time. */
  Optional<String> lost() {
    DeliveryState state = row.state();
    Doubt doubt = row.doubt();
    boolean waitsInSight =
        state == DeliveryState.UNCONFIRMED && doubt != null && doubt.nextProbeAt() == null;
    if (!state.ended() && !waitsInSight) {
      return Optional.of("forgotten");
    }
    boolean there = platform.posts() > 0;
    boolean told = state == DeliveryState.PUBLISHED || !state.ended();
    boolean wrongly = there ? !told : state == DeliveryState.PUBLISHED;
    return wrongly ? Optional.of("told wrongly") : Optional.empty();
  }

  void anything() {
    switch (random.nextInt(26)) {
      case 0, 1, 2 -> pass(Duration.ofMillis(random.nextInt(20_000)));
      case 3 -> pass(Duration.ofMinutes(random.nextInt(50)));
      case 4 -> pass(Duration.ofMinutes(random.nextInt(40) == 0 ? 1_500 : 1));
      case 5, 6, 7 -> look(random.nextInt(2));
      case 8, 9, 10 -> arm(random.nextInt(2), random.nextInt(6) == 0);
      case 11 -> askAgain();
      case 12, 13, 14 -> send(platform::any);
      case 15, 16, 17, 18 -> settle(random.nextInt(6) == 0);
      case 19 -> crash(random.nextInt(2));
      case 20, 21 -> sweep();
      case 22, 23 -> probe();
      case 24 -> person();
      default -> everythingPaused = random.nextInt(3) == 0;
    }
  }

  /** The platform and both nodes are well for as long as it takes. */
  void recover() {
    channelPaused = false;
    everythingPaused = false;
    for (int i = 0; i < 400 && !row.state().ended(); i++) {
      pass(Duration.ofMinutes(i < 100 ? 1 : 31));
      sweep();
      probe();
      askAgain();
      look(0);
      arm(0, false);
      send(platform::good);
      settle(false);
    }
    while (!calls.isEmpty()) {
      settle(false);
      calls.removeIf(call -> call.end == null);
    }
  }

  private void pass(Duration time) {
    now = now.plus(time);
    platform.pass(now);
  }

  /** A node finds the delivery in its copy, which may be old by the time it arms. */
  private void look(int node) {
    if (waits(row.state()) && (!row.dueAt().isAfter(now) || flaw == Flaw.IGNORES_THE_PAUSE)) {
      seen.add(new Seen(node, fence, row));
    }
  }

  private void arm(int node, boolean replyLost) {
    Seen read = any(seen, one -> one.node() == node);
    if (read == null) {
      return;
    }
    seen.remove(read);
    boolean blind = flaw == Flaw.ARMS_WHAT_IT_READ;
    Standing standing = blind ? read.row() : row;
    boolean due = !standing.dueAt().isAfter(now) || flaw == Flaw.IGNORES_THE_PAUSE;
    boolean asRead = blind || read.fence() == fence;
    if (!asRead
        || !waits(standing.state())
        || !resendable(standing)
        || !due
        || paused()
        || late()) {
      return;
    }
    wrong |= standing.dueAt().isAfter(now);
    Standing armed =
        new Standing(
            DeliveryState.ARMED,
            standing.dueAt(),
            standing.attempts(),
            new Standing.Arm(now, now.plus(LEASE)),
            standing.doubt());
    change(armed, "armed by " + node);
    armer = node;
    armerLife = lives[node];
    token++;
    calls.add(new Call(node, fence, token, armed, now.plus(TIMEOUT), !replyLost));
    if (replyLost && flaw == Flaw.ARMS_AGAIN_AFTER_A_LOST_REPLY) {
      calls.add(new Call(node, fence, token, armed, now.plus(TIMEOUT), true));
    }
  }

  /** A node whose arm's reply was lost reads what stands under its token. */
  private void askAgain() {
    Call unsure = any(calls, call -> !call.known);
    if (unsure != null) {
      unsure.known = row.state() == DeliveryState.ARMED && token == unsure.token;
      if (!unsure.known) {
        calls.remove(unsure);
      }
    }
  }

  private boolean resendable(Standing standing) {
    Doubt doubt = standing.doubt();
    return doubt == null
        || doubt.resendable(now, TIMEOUT)
        || (doubt.resendUntil() != null && flaw == Flaw.TRUSTS_A_KEY_FOR_EVER);
  }

  private static boolean waits(DeliveryState state) {
    return state == DeliveryState.SCHEDULED || state == DeliveryState.RETRY;
  }

  private <T> @Nullable T any(List<T> all, Predicate<T> which) {
    List<T> some = all.stream().filter(which).toList();
    return some.isEmpty() ? null : some.get(random.nextInt(some.size()));
  }

  private boolean paused() {
    return channelPaused || everythingPaused;
  }

  private boolean late() {
    return !expiresAt.isAfter(now);
  }

  private void send(PlatformInTheWorld.Fate fate) {
    Call call = any(calls, one -> one.known && one.end == null);
    if (call != null) {
      // Its node may have stood still since it armed: the deadline is looked at last.
      call.end =
          now.isBefore(call.deadline)
              ? ended(fate.of(now, call.deadline, call.node))
              : new DeliveryEvent.NotCalled("deadline");
    }
  }

  /** A refused token is renewed as often as not. */
  private DeliveryEvent ended(Outcome outcome) {
    return outcome instanceof Outcome.Unauthorized unauthorized && random.nextBoolean()
        ? new DeliveryEvent.TokenRenewed(unauthorized)
        : new DeliveryEvent.Called(outcome);
  }

  /** A node writes what a call came to; a reply that is lost has it written again. */
  private void settle(boolean replyLost) {
    Call call = any(calls, one -> one.end != null);
    if (call == null || call.end == null) {
      return;
    }
    if (!replyLost) {
      calls.remove(call);
    }
    if (!written.add(call)) {
      return;
    }
    Outcome outcome = call.end instanceof DeliveryEvent.Called called ? called.outcome() : null;
    boolean spoken = outcome instanceof Outcome.Accepted;
    if (fence == call.fence || flaw == Flaw.SETTLES_WITHOUT_FENCE) {
      channelPaused |= outcome instanceof Outcome.Unauthorized;
      int before = row.attempts();
      step(flaw.next(rules, call.armed, call.end, now), "settled " + call.end);
      wrong |= outcome instanceof Outcome.Throttled && row.attempts() > before;
    } else if (spoken && row.state() != DeliveryState.PUBLISHED) {
      step(flaw.next(rules, row, call.end, now), "settled late " + call.end);
    }
  }

  private void crash(int node) {
    lives[node]++;
    platform.died(node);
    calls.removeIf(call -> call.node == node);
    seen.removeIf(one -> one.node() == node);
    story.add(now + " node " + node + " dies");
  }

  private void sweep() {
    boolean waiting = waits(row.state());
    Doubt doubt = row.doubt();
    Standing.Arm arm = row.arm();
    if (flaw == Flaw.FORGETS_THE_ARMED && row.state() == DeliveryState.ARMED) {
      return;
    }
    if (row.state() == DeliveryState.ARMED && arm != null && arm.leaseUntil().isBefore(now)) {
      event(new DeliveryEvent.LeaseExpired());
    } else if (waiting && late()) {
      event(new DeliveryEvent.TooLate());
    } else if (waiting && doubt != null && !doubt.resendable(now, TIMEOUT)) {
      event(new DeliveryEvent.KeyLapsed());
    }
  }

  private void probe() {
    Doubt doubt = row.doubt();
    if (row.state() != DeliveryState.UNCONFIRMED
        || doubt == null
        || doubt.nextProbeAt() == null
        || doubt.nextProbeAt().isAfter(now)) {
      return;
    }
    Probe answer;
    if (random.nextInt(4) == 0) {
      answer = new Probe.Unknown("no answer");
    } else if (platform.posts() > 0) {
      answer = new Probe.Found("id1", null);
    } else {
      Instant until = doubt.since().plus(PlatformInTheWorld.KEY_MEMORY);
      answer = new Probe.NotFound(until.isAfter(now) ? until : null);
    }
    event(new DeliveryEvent.Probed(answer, lives[armer] != armerLife, TIMEOUT));
  }

  /** Says the truth, and looks only when no call can be running. */
  private void person() {
    channelPaused = false;
    Standing.Arm arm = row.arm();
    switch (row.state()) {
      case UNCONFIRMED -> {
        if (random.nextInt(20) == 0) {
          event(new DeliveryEvent.Cancelled());
        } else if (arm != null && arm.leaseUntil().isBefore(now) && platform.quiet()) {
          event(new DeliveryEvent.Confirmed(platform.posts() > 0));
        }
      }
      case FAILED ->
          event(
              random.nextInt(4) == 0
                  ? new DeliveryEvent.Cancelled()
                  : new DeliveryEvent.Redriven());
      case SCHEDULED, RETRY -> {
        if (random.nextInt(40) == 0) {
          event(new DeliveryEvent.Cancelled());
        } else if (random.nextInt(10) == 0) {
          edit();
        }
      }
      default -> {}
    }
  }

  /** Moves it, as long as nothing of it was or may have been sent. */
  private void edit() {
    if (row.state().editable() && row.doubt() == null) {
      Instant due = now.plusSeconds(random.nextInt(7_200));
      expiresAt = due.plus(Duration.ofHours(24));
      change(new Standing(row.state(), due, row.attempts(), row.arm(), null), "edited");
    }
  }

  private void event(DeliveryEvent event) {
    step(flaw.next(rules, row, event, now), event.toString());
  }

  private void step(Step step, String why) {
    int attempts =
        switch (step.budget()) {
          case KEEP -> row.attempts();
          case SPEND -> row.attempts() + 1;
          case RENEW -> 0;
        };
    if (step.budget() == Step.Budget.RENEW) {
      expiresAt = now.plus(Duration.ofHours(24));
    }
    change(new Standing(step.state(), step.dueAt(), attempts, row.arm(), step.doubt()), why);
  }

  private void change(Standing next, String why) {
    Doubt doubt = row.doubt();
    // What is cancelled goes out no more, whatever is learnt of it.
    wrong |= doubt != null && doubt.withdrawn() && waits(next.state());
    fence++;
    row = next;
    story.add(now + " " + next.state() + " fence " + fence + ": " + why);
  }
}
