package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LineupTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Waiting FIRST = waiting(1);
  private static final Waiting AGAIN = waiting(2);

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void whatLeftIsNotShownThoughTheCopyStillHasIt() {
    try (GridFixture grid = GridFixture.of(1);
        WorkingCopy copy = WorkingCopy.open(grid.node(0), 0)) {
      Lineup lineup = new Lineup(copy, nanos::get);
      copy.put(List.of(FIRST));
      assertThat(lineup.of("c", NOW)).containsExactly(FIRST);

      lineup.gone(List.of(FIRST));
      assertThat(lineup.of("c", NOW)).isEmpty();
      // Told of late.
      lineup.noted(FIRST);
      assertThat(lineup.of("c", NOW)).isEmpty();
      lineup.forget("c");
      assertThat(lineup.of("c", NOW)).isEmpty();

      // It was refused as it stood.
      lineup.back(FIRST);
      assertThat(lineup.of("c", NOW)).containsExactly(FIRST);
      lineup.gone(List.of(FIRST));
      // It waits once more, by a later fence.
      lineup.noted(AGAIN);
      assertThat(lineup.of("c", NOW)).containsExactly(AGAIN);
    }
  }

  @Test
  void whatLeftLongAgoIsNotRemembered() {
    try (GridFixture grid = GridFixture.of(1);
        WorkingCopy copy = WorkingCopy.open(grid.node(0), 0)) {
      Lineup lineup = new Lineup(copy, nanos::get);
      copy.put(List.of(FIRST));
      lineup.gone(List.of(FIRST));
      assertThat(lineup.of("c", NOW)).isEmpty();

      nanos.addAndGet(Duration.ofSeconds(6).toNanos());
      lineup.gone(List.of());
      lineup.forget("c");
      assertThat(lineup.of("c", NOW)).containsExactly(FIRST);
    }
  }

  private static Waiting waiting(long fence) {
    return new Waiting("one", "c", "mastodon", NOW, 5, fence, NOW);
  }
}
