package io.pulsegrid.core.trend;

import io.pulsegrid.core.access.WorkspaceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A story told by many posts.
 *
 * @param score how strongly it rises now, 0 or more
 * @param platforms posts a platform
 * @param history oldest first
 */
public record Trend(
    TrendId id,
    WorkspaceId workspace,
    Wording wording,
    TrendState state,
    double score,
    long postCount,
    Map<String, Long> platforms,
    Instant firstSeen,
    Instant lastSeen,
    List<Moment> history) {
  public Trend {
    platforms = Map.copyOf(platforms);
    history = List.copyOf(history);
  }

  /** How a trend is called and told. */
  public record Wording(String label, List<String> keywords, String summary) {
    public Wording {
      keywords = List.copyOf(keywords);
    }
  }

  /** A turn in a trend's life. */
  public sealed interface Moment {
    Instant at();

    record Entered(TrendState state, Instant at) implements Moment {}

    record Merged(List<TrendId> from, Instant at) implements Moment {
      public Merged {
        from = List.copyOf(from);
      }
    }
  }
}
