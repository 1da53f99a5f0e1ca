package io.pulsegrid.node.telling;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.telling.Event;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventHistoryTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void whatTagsAndAddressesTakeCountsTowardsTheBound() {
    EventHistory history = new EventHistory(10_000);
    String tag = "t".repeat(512);
    for (int i = 0; i < 2_000; i++) {
      history.add(event("e" + i, Collections.nCopies(64, tag)), NOW);
    }

    assertThat(history.after("never told", NOW))
        .hasSizeBetween(900, 1_100)
        .last()
        .extracting(Event::id)
        .isEqualTo("e1999");
  }

  private static Event event(String id, List<String> tags) {
    Content content =
        new Content("test", id, "https://example.org/", "ann", "short", null, "en", null, tags);
    Post post =
        new Post(
            PostId.of(WorkspaceId.DEFAULT, "test", id),
            WorkspaceId.DEFAULT,
            content,
            new Engagement(0, 0, 0, 0),
            NOW,
            NOW,
            new Post.Progress(Stage.COLLECTED, 1, null, null, null));
    return new Event(id, WorkspaceId.DEFAULT, NOW, new Event.Subject.OfPost(post));
  }
}
