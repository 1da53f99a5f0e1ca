package io.pulsegrid.core.trend;

import io.pulsegrid.core.access.WorkspaceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A story told by many posts.
 *
 * @param score how strongly it rises now, 0 or more
 * @param platforms posts a platform
 * @param history oldest first
 * @param evidence what state and score rest on; null for a trend told before this was kept
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
    List<Moment> history,
    @Nullable Evidence evidence) {
  public Trend {
    platforms = Map.copyOf(platforms);
    history = List.copyOf(history);
  }

  /** A trend without evidence. */
  public Trend(
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
    this(
        id, workspace, wording, state, score, postCount, platforms, firstSeen, lastSeen, history,
        null);
  }

  /** The same told in another way. */
  public Trend worded(Wording other) {
    return new Trend(
        id, workspace, other, state, score, postCount, platforms, firstSeen, lastSeen, history,
        evidence);
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

    /** A part of it left and is a trend of its own now; this one went on with the rest. */
    record SplitInto(TrendId part, Instant at) implements Moment {}

    /** It was a part of another trend until then. */
    record SplitFrom(TrendId whole, Instant at) implements Moment {}
  }
}
