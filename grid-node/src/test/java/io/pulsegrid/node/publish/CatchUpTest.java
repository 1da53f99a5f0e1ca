package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatchUpTest {
  private static final Instant NOW = Instant.parse("2026-12-01T08:00:00Z");
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final CatchUp catchUp = new CatchUp(EVERY, _ -> false);

  private static Waiting due(String channel, Instant at) {
    return new Waiting("d" + at, channel, "mastodon", at, 5, 1, at);
  }

  private static Waiting late(Instant since) {
    return due("a", since.minusSeconds(3_600));
  }

  private void look(Waiting waiting, Instant now) {
    catchUp.look(waiting.channel(), List.of(waiting), now);
  }

  /** It goes on until then, with a call that ends well every few minutes. */
  private void goesOn(Instant from, Instant until) {
    for (Instant at = from; at.isBefore(until); at = at.plusSeconds(200)) {
      look(due("a", at), at);
      catchUp.ended("a", at);
    }
  }

  @Test
  void whatWasHeldBackGoesOutOneByOne() {
    Waiting first = late(NOW);
    Waiting second = due("a", NOW.minusSeconds(1_800));
    look(first, NOW);
    assertThat(catchUp.readyAt(first)).isEqualTo(first.dueAt());

    catchUp.sent(first, NOW);

    assertThat(catchUp.readyAt(second)).isEqualTo(NOW.plus(EVERY));
    Waiting other = due("b", NOW.minusSeconds(3_600));
    look(other, NOW);
    assertThat(catchUp.readyAt(other)).isBefore(NOW);
  }

  @Test
  void whatIsDueOnTimeWaitsForNothing() {
    look(late(NOW), NOW);
    catchUp.sent(late(NOW), NOW);

    Waiting onTime = due("a", NOW.minusSeconds(20));
    assertThat(catchUp.readyAt(onTime)).isEqualTo(onTime.dueAt());
    catchUp.sent(onTime, NOW.plusSeconds(30));
    // Nor does it hold back those that are late.
    assertThat(catchUp.readyAt(late(NOW))).isEqualTo(NOW.plus(EVERY));
  }

  @Test
  void aQueueThatIsMerelyLongIsNotHeldBack() {
    Instant end = NOW.plusSeconds(7_200);
    goesOn(NOW, end);
    Waiting queued = due("a", NOW);
    look(queued, end);
    catchUp.sent(queued, end);

    assertThat(catchUp.missed(queued)).isFalse();
    assertThat(catchUp.readyAt(queued)).isEqualTo(NOW);
  }

  @Test
  void norIsOneThatALimitHoldsBack() {
    Waiting queued = due("a", NOW);
    goesOn(NOW, NOW.plusSeconds(600));
    // Nobody looks at it while its window is full: it is held until that has room.
    Instant free = NOW.plusSeconds(7_200);
    catchUp.limited("a", free, NOW.plusSeconds(600));
    catchUp.ended("a", NOW.plusSeconds(601));
    look(queued, free.plusSeconds(60));

    assertThat(catchUp.missed(queued)).isFalse();
    // Nothing goes out from then on either: that was no limit.
    look(queued, free.plusSeconds(7_200));
    assertThat(catchUp.missed(queued)).isTrue();
  }

  @Test
  void norIsOneThatAnotherNodeSentUntilNow() {
    CatchUp joined = new CatchUp(EVERY, "a"::equals);
    joined.look("a", List.of(late(NOW)), NOW);
    joined.look("b", List.of(due("b", NOW.minusSeconds(3_600))), NOW);

    assertThat(joined.missed(late(NOW))).isFalse();
    assertThat(joined.missed(due("b", NOW.minusSeconds(3_600)))).isTrue();
  }

  /** What was found first may have been on time. */
  @Test
  void aNodeThatStartsAsksOnceSomethingIsLate() {
    look(due("a", NOW), NOW);
    look(late(NOW), NOW);

    assertThat(catchUp.missed(late(NOW))).isTrue();
  }

  /** A node that starts knows of what is due before it has found what is late. */
  @Test
  void norDoesWhatGoesOutOnTimeBeforeItMakeTheRestOnTime() {
    look(due("a", NOW), NOW);
    catchUp.ended("a", NOW.plusSeconds(1));
    look(late(NOW), NOW.plusSeconds(2));

    assertThat(catchUp.missed(late(NOW))).isTrue();
    assertThat(catchUp.missed(due("a", NOW))).isFalse();
  }

  /** Nobody would have used up a limit on a channel on which nothing goes out. */
  @Test
  void aLimitThatIsUsedUpWhenANodeStartsTellsThatItsChannelGoesOn() {
    look(late(NOW), NOW);
    catchUp.limited("a", NOW.plusSeconds(1_800), NOW);

    assertThat(catchUp.missed(late(NOW))).isFalse();
  }

  /** After all nodes were away the counts of limits are read anew, and open a few seconds later. */
  @Test
  void whatTheGridCannotSayForAMomentIsNoLimit() {
    look(late(NOW), NOW);
    catchUp.limited("a", NOW.plusSeconds(6), NOW);

    assertThat(catchUp.missed(late(NOW))).isTrue();
  }

  /** A pause, refused credentials, a failing host, an outage: nothing is seen to go on. */
  @Test
  void itDoesNotMatterWhyNothingWentOut() {
    goesOn(NOW, NOW.plusSeconds(600));
    Instant back = NOW.plusSeconds(30_000);
    Waiting waited = due("a", NOW.plusSeconds(900));
    for (Instant at = NOW.plusSeconds(900); !at.isAfter(back); at = at.plusSeconds(60)) {
      look(waited, at);
      // All calls of its platform are taken by others now and then.
      catchUp.queued("a", at);
    }

    assertThat(catchUp.missed(waited)).isTrue();
    assertThat(catchUp.missed(due("a", back.minusSeconds(60)))).isFalse();

    catchUp.sent(waited, back);
    goesOn(back, back.plusSeconds(1_200));
    assertThat(catchUp.missed(waited)).isTrue();
    assertThat(catchUp.missed(due("a", back.plusSeconds(1)))).isFalse();
  }

  @Test
  void whatIsTriedAgainIsAsLateAsItWasWhenItWasAskedFor() {
    Waiting retried = new Waiting("d", "a", "mastodon", NOW, 5, 1, NOW.minusSeconds(3_600));
    look(retried, NOW);
    catchUp.sent(late(NOW), NOW);

    assertThat(catchUp.missed(retried)).isTrue();
    assertThat(catchUp.readyAt(retried)).isEqualTo(NOW.plus(EVERY));
  }

  @Test
  void tellsWhenTheNextMayGoOut() {
    assertThat(catchUp.spread("a", NOW)).isEmpty();
    look(late(NOW), NOW);
    assertThat(catchUp.spread("a", NOW))
        .contains(new CatchUp.Spread(NOW.minus(CatchUp.SHORT), NOW, EVERY));
    catchUp.sent(late(NOW), NOW);

    assertThat(catchUp.spread("a", NOW.plusSeconds(1)))
        .map(CatchUp.Spread::next)
        .contains(NOW.plus(EVERY));
    catchUp.forget("a");
    assertThat(catchUp.spread("a", NOW)).isEmpty();
  }

  @Test
  void zeroSpreadsNothing() {
    CatchUp off = new CatchUp(Duration.ZERO, _ -> false);
    off.look("a", List.of(late(NOW)), NOW);
    off.sent(late(NOW), NOW);

    assertThat(off.readyAt(due("a", NOW.minusSeconds(1_800)))).isBefore(NOW);
  }
}
