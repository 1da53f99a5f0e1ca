package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CatchUpTest {
  private static final Instant NOW = Instant.parse("2026-12-01T08:00:00Z");
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final CatchUp catchUp = new CatchUp(EVERY);

  private static Waiting due(String channel, Instant at) {
    return new Waiting("d" + at, channel, "mastodon", at, 5, 1);
  }

  @Test
  void whatAnOutageHeldBackGoesOutOneByOne() {
    catchUp.open(NOW);
    Waiting first = due("a", NOW.minusSeconds(3_600));
    Waiting second = due("a", NOW.minusSeconds(1_800));
    assertThat(catchUp.readyAt(first)).isEqualTo(first.dueAt());

    catchUp.sent(first, NOW);

    assertThat(catchUp.readyAt(second)).isEqualTo(NOW.plus(EVERY));
    assertThat(catchUp.readyAt(due("b", NOW.minusSeconds(3_600)))).isBefore(NOW);
  }

  @Test
  void whatIsDueOnTimeWaitsForNothing() {
    catchUp.open(NOW);
    catchUp.sent(due("a", NOW.minusSeconds(3_600)), NOW);

    Waiting onTime = due("a", NOW.minusSeconds(20));
    assertThat(catchUp.readyAt(onTime)).isEqualTo(onTime.dueAt());
    catchUp.sent(onTime, NOW.plusSeconds(30));
    // Nor does it hold back those that are late.
    assertThat(catchUp.readyAt(due("a", NOW.minusSeconds(3_600)))).isEqualTo(NOW.plus(EVERY));
  }

  @Test
  void aQueueThatIsMerelyLongIsNoOutage() {
    for (Instant turn = NOW; turn.isBefore(NOW.plusSeconds(7_200)); turn = turn.plusSeconds(200)) {
      catchUp.open(turn);
    }
    Waiting queued = due("a", NOW);
    catchUp.sent(queued, NOW.plusSeconds(7_100));

    assertThat(catchUp.missed(queued)).isFalse();
    assertThat(catchUp.readyAt(queued)).isEqualTo(NOW);
  }

  @Test
  void anOutageInTheMiddleCountsLikeOneBeforeTheStart() {
    catchUp.open(NOW);
    Instant back = NOW.plusSeconds(3_600);
    catchUp.open(back);

    assertThat(catchUp.missed(due("a", NOW.plusSeconds(600)))).isTrue();
    assertThat(catchUp.missed(due("a", back.minusSeconds(60)))).isFalse();
  }

  @Test
  void zeroSpreadsNothing() {
    CatchUp off = new CatchUp(Duration.ZERO);
    off.open(NOW);
    Waiting late = due("a", NOW.minusSeconds(3_600));
    off.sent(late, NOW);

    assertThat(off.readyAt(due("a", NOW.minusSeconds(1_800)))).isBefore(NOW);
  }
}
