package io.pulsegrid.node.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.store.TestStore;
import io.pulsegrid.node.store.telling.StoredAlerts;
import io.pulsegrid.node.telling.EventBus;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class AlertRecallTest {
  private static final InstantSource NOON =
      InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));

  private static final int HELD = 10;

  private final TestStore store = TestStore.fresh();

  @Test
  void findsOnEachNodeWhatNobodyToldAndTellsItOnce() {
    try (GridFixture grid = GridFixture.of(2)) {
      EventBus here = bus(grid, 0);
      EventBus there = bus(grid, 1);
      List<String> heardHere = listen(here);
      List<String> heardThere = listen(there);
      write("told");
      there.tellAs("told", WorkspaceId.DEFAULT, new Event.Subject.OfAlert(kept("told")));
      // Whoever was to tell of this one noted that it had, and died before its message went out.
      write("untold");
      AlertRecall recall = recall(there);

      recall.look();
      // Many other events come between: what was heard is known all the same.
      for (int i = 0; i < 2 * HELD; i++) {
        there.tellAs(
            "post-" + i, new WorkspaceId("others"), new Event.Subject.OfAlert(kept("told")));
      }
      recall.look();
      assertThat(heardThere).containsExactly("told", "untold");
      // Messages to the other node come in any order.
      await().untilAsserted(() -> assertThat(heardHere).contains("told", "untold"));
      recall(here).look();
      assertThat(heardHere).containsExactlyInAnyOrder("told", "untold");
    }
  }

  /** A bus that tells on the thread that brings the event. */
  private static EventBus bus(GridFixture grid, int node) {
    return new EventBus(grid.node(node), NOON, () -> "event", Runnable::run, HELD);
  }

  private static List<String> listen(EventBus bus) {
    List<String> heard = new CopyOnWriteArrayList<>();
    bus.subscribe(WorkspaceId.DEFAULT, null, event -> heard.add(event.id()), () -> {});
    return heard;
  }

  private AlertRecall recall(EventBus bus) {
    return new AlertRecall(new StoredAlerts(store.jdbc()), bus, () -> 0);
  }

  private Alert kept(String id) {
    return new StoredAlerts(store.jdbc())
        .after(WorkspaceId.DEFAULT, "s1", "none", PageRequest.first()).items().stream()
            .filter(alert -> alert.id().equals(id))
            .findFirst()
            .orElseThrow();
  }

  private void write(String id) {
    int _ =
        store
            .jdbc()
            .sql(
                """
                INSERT INTO alert (id, workspace, kind, subject, reason, subscription)
                VALUES (?, ?, 'TREND_EMERGED', 'a trend', '', 's1')
                """)
            .params(id, WorkspaceId.DEFAULT.value())
            .update();
  }
}
