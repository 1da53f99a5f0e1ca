package io.pulsegrid.core.publish;

import io.pulsegrid.core.publish.Publisher.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One delivery, two nodes that crash at will, people who pause, edit, cancel and put away, and a
 * platform that remembers keys for an hour. Every decision is the rules'; the fence is kept as the
 * ledger keeps it.
 */
final class PublishingWorld {
  static final Duration TIMEOUT = Duration.ofSeconds(15);
  static final Duration LEASE = TIMEOUT.plusSeconds(30);
  static final Duration KEY_MEMORY = Duration.ofHours(1);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Random random;
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

  private final int[] lives = {0, 0};
  private final List<Call> calls = new ArrayList<>();
  private final List<Instant> arriving = new ArrayList<>();
  private final List<Instant> created = new ArrayList<>();

  PublishingWorld(long seed) {
    random = new Random(seed);
  }

  private static final class Call {
    final int node;
    final long fence;
    final Standing armed;
    final Instant deadline;
    @Nullable DeliveryEvent end;

    Call(int node, long fence, Standing armed, Instant deadline) {
      this.node = node;
      this.fence = fence;
      this.armed = armed;
      this.deadline = deadline;
    }
  }

  int posts() {
    return created.size();
  }

  Standing row() {
    return row;
  }

  List<String> story() {
    return story;
  }

  void anything() {
    switch (random.nextInt(21)) {
      case 0, 1, 2 -> pass(Duration.ofMillis(random.nextInt(20_000)));
      case 3 -> pass(Duration.ofMinutes(random.nextInt(50)));
      case 4 -> pass(Duration.ofMinutes(random.nextInt(40) == 0 ? 1_500 : 1));
      case 5, 6, 7 -> arm(random.nextInt(2));
      case 8, 9, 10 -> send(this::anyFate);
      case 11, 12, 13 -> settle();
      case 14 -> crash(random.nextInt(2));
      case 15, 16 -> sweep();
      case 17, 18 -> probe();
      case 19 -> person();
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
      arm(0);
      send(this::goodFate);
      settle();
    }
    while (!calls.isEmpty()) {
      settle();
      calls.removeIf(call -> call.end == null);
    }
  }

  private void pass(Duration time) {
    now = now.plus(time);
    arriving.removeIf(
        at -> {
          if (!at.isAfter(now)) {
            create(at);
            return true;
          }
          return false;
        });
  }

  private void create(Instant at) {
    if (!remembers(at)) {
      created.add(at);
      story.add(at + " CREATED");
    }
  }

  private boolean remembers(Instant at) {
    return !created.isEmpty() && created.getLast().plus(KEY_MEMORY).isAfter(at);
  }

  private void arm(int node) {
    boolean waiting = row.state() == DeliveryState.SCHEDULED || row.state() == DeliveryState.RETRY;
    Doubt doubt = row.doubt();
    Instant resendUntil = doubt == null ? Instant.MAX : doubt.resendUntil();
    boolean resendable = resendUntil != null && resendUntil.isAfter(now.plus(TIMEOUT));
    if (!waiting || !resendable || paused() || row.dueAt().isAfter(now) || late()) {
      return;
    }
    change(
        new Standing(
            DeliveryState.ARMED,
            row.dueAt(),
            row.attempts(),
            new Standing.Arm(now, now.plus(LEASE)),
            doubt),
        "armed by " + node);
    armer = node;
    armerLife = lives[node];
    calls.add(new Call(node, fence, row, now.plus(TIMEOUT)));
  }

  private boolean paused() {
    return channelPaused || everythingPaused;
  }

  private boolean late() {
    return !expiresAt.isAfter(now);
  }

  private void send(java.util.function.Function<Call, Outcome> fate) {
    calls.stream()
        .filter(call -> call.end == null)
        .findAny()
        .ifPresent(
            call ->
                call.end =
                    now.isBefore(call.deadline)
                        ? ended(fate.apply(call))
                        : new DeliveryEvent.NotCalled("deadline"));
  }

  /** A refused token is renewed as often as not. */
  private DeliveryEvent ended(Outcome outcome) {
    return outcome instanceof Outcome.Unauthorized unauthorized && random.nextBoolean()
        ? new DeliveryEvent.TokenRenewed(unauthorized)
        : new DeliveryEvent.Called(outcome);
  }

  private Outcome goodFate(Call call) {
    create(now);
    return new Outcome.Accepted("id" + created.size(), null, 200, "");
  }

  private Outcome anyFate(Call call) {
    int fate = random.nextInt(9);
    if (remembers(now)) {
      // A replay answers the first post again, or breaks.
      return fate < 5
          ? new Outcome.Accepted("id" + created.size(), null, 200, "")
          : new Outcome.Ambiguous(500, "replay");
    }
    return switch (fate) {
      case 0, 1 -> goodFate(call);
      case 2 -> {
        create(now);
        yield new Outcome.Ambiguous(0, "created, then closed");
      }
      case 3 -> {
        long left = Duration.between(now, call.deadline.plusSeconds(29)).toMillis();
        arriving.add(now.plusMillis((long) (random.nextDouble() * left)));
        yield new Outcome.Ambiguous(0, "timeout; it arrives late");
      }
      case 4 -> new Outcome.Ambiguous(0, "timeout; it never arrives");
      case 5 -> new Outcome.Transient(0, "refused");
      case 6 -> new Outcome.Throttled(now.plusSeconds(300), 429, "");
      case 7 -> new Outcome.Unauthorized(401, "");
      default -> new Outcome.Rejected(422, "");
    };
  }

  private void settle() {
    Call call = calls.stream().filter(one -> one.end != null).findAny().orElse(null);
    if (call == null || call.end == null) {
      return;
    }
    calls.remove(call);
    boolean spoken =
        call.end instanceof DeliveryEvent.Called called
            && called.outcome() instanceof Outcome.Accepted;
    if (fence == call.fence) {
      channelPaused |=
          call.end instanceof DeliveryEvent.Called called
              && called.outcome() instanceof Outcome.Unauthorized;
      step(rules.next(call.armed, call.end, now), "settled " + call.end);
    } else if (spoken) {
      step(rules.next(row, call.end, now), "settled late " + call.end);
    }
  }

  private void crash(int node) {
    lives[node]++;
    calls.removeIf(call -> call.node == node);
    story.add(now + " node " + node + " dies");
  }

  private void sweep() {
    boolean waiting = row.state() == DeliveryState.SCHEDULED || row.state() == DeliveryState.RETRY;
    Doubt doubt = row.doubt();
    Standing.Arm arm = row.arm();
    if (row.state() == DeliveryState.ARMED && arm != null && arm.leaseUntil().isBefore(now)) {
      event(new DeliveryEvent.LeaseExpired());
    } else if (waiting && late()) {
      event(new DeliveryEvent.TooLate());
    } else if (waiting
        && doubt != null
        && (doubt.resendUntil() == null || !doubt.resendUntil().isAfter(now.plus(TIMEOUT)))) {
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
    } else if (!created.isEmpty()) {
      answer = new Probe.Found("id1", null);
    } else {
      Instant until = doubt.since().plus(KEY_MEMORY);
      answer = new Probe.NotFound(until.isAfter(now) ? until : null);
    }
    event(new DeliveryEvent.Probed(answer, lives[armer] != armerLife));
  }

  /** Says the truth, and looks only when no call can be running. */
  private void person() {
    channelPaused = false;
    Standing.Arm arm = row.arm();
    switch (row.state()) {
      case UNCONFIRMED -> {
        if (arm != null && arm.leaseUntil().isBefore(now)) {
          event(new DeliveryEvent.Confirmed(!created.isEmpty()));
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
    step(rules.next(row, event, now), event.toString());
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
    fence++;
    row = next;
    story.add(now + " " + next.state() + " fence " + fence + ": " + why);
  }
}
