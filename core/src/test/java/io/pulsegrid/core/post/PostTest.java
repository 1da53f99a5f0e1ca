package io.pulsegrid.core.post;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.WorkspaceId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostTest {
  private static final Instant CAME = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void countsFromItsDateHoweverOldThatIs() {
    Instant longAgo = Instant.parse("2012-10-29T21:00:00Z");
    assertThat(dated(longAgo).happenedAt()).isEqualTo(longAgo);
    assertThat(dated(CAME).happenedAt()).isEqualTo(CAME);
  }

  @Test
  void countsFromItsArrivalWhereItIsDatedAhead() {
    Instant ahead = Instant.parse("2099-01-01T00:00:00Z");
    assertThat(dated(ahead).happenedAt()).isEqualTo(CAME);
    assertThat(dated(ahead).publishedAt()).isEqualTo(ahead);
  }

  private static Post dated(Instant publishedAt) {
    Content content = new Content("test", "1", null, null, "a title", null, null, null, List.of());
    return new Post(
        PostId.of(WorkspaceId.DEFAULT, "test", "1"),
        WorkspaceId.DEFAULT,
        content,
        new Engagement(0, 0, 0, 0),
        publishedAt,
        CAME,
        new Post.Progress(Stage.COLLECTED, 1, null, null, null));
  }
}
