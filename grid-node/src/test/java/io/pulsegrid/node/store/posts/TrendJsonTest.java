package io.pulsegrid.node.store.posts;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.Evidence;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrendJsonTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void aTrendThatIsToldLaterIsToldAsItStood() {
    TrendId id = TrendId.begunBy(PostId.of(WorkspaceId.DEFAULT, "test", "a"));
    TrendId other = TrendId.begunBy(PostId.of(WorkspaceId.DEFAULT, "test", "b"));
    Trend trend =
        new Trend(
            id,
            WorkspaceId.DEFAULT,
            new Trend.Wording("Quake \"north\"", List.of("quake", "north"), "It trembled."),
            TrendState.RISING,
            4.25,
            12,
            Map.of("feed", 4L, "hackernews", 8L),
            NOON,
            NOON.plusSeconds(600),
            List.of(
                new Trend.Moment.Entered(TrendState.EMERGING, NOON),
                new Trend.Moment.Merged(List.of(other), NOON.plusSeconds(60)),
                new Trend.Moment.SplitInto(other, NOON.plusSeconds(61)),
                new Trend.Moment.SplitFrom(other, NOON.plusSeconds(62))),
            new Evidence(NOON, List.of(1L, 0L, 7L), 4, 3.5, 1.25));

    assertThat(TrendJson.whole(WorkspaceId.DEFAULT, TrendJson.whole(trend))).isEqualTo(trend);
    Trend plain =
        new Trend(
            id,
            WorkspaceId.DEFAULT,
            trend.wording(),
            TrendState.FADING,
            0,
            1,
            Map.of("feed", 1L),
            NOON,
            NOON,
            List.of());
    assertThat(TrendJson.whole(WorkspaceId.DEFAULT, TrendJson.whole(plain))).isEqualTo(plain);
  }
}
