package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkingCopyTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void ofMoreThanCanBeLookedAtTheMostUrgentThatIsDueComesFirst() {
    try (GridFixture grid = GridFixture.of(1);
        WorkingCopy copy = WorkingCopy.open(grid.node(0), 0)) {
      List<Waiting> waiting = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        waiting.add(waiting("usual-" + i, NOW.minusSeconds(60 - i), 5));
      }
      waiting.add(waiting("urgent-late", NOW.minusSeconds(1), 9));
      waiting.add(waiting("urgent", NOW.minusSeconds(2), 9));
      waiting.add(waiting("not-yet", NOW.plusSeconds(1), 9));
      copy.put(waiting);
      await().until(() -> copy.first("c", 50, NOW).size() == waiting.size());

      assertThat(copy.first("c", 3, NOW))
          .extracting(Waiting::id)
          .containsExactly("urgent", "urgent-late", "usual-0");
      assertThat(copy.first("c", 50, NOW)).extracting(Waiting::id).endsWith("not-yet");
    }
  }

  private static Waiting waiting(String id, Instant dueAt, int priority) {
    return new Waiting(id, "c", "mastodon", dueAt, priority, 1, dueAt);
  }
}
