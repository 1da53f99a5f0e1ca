package io.pulsegrid.node.summary;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.core.trend.Trends;
import io.pulsegrid.node.store.posts.SummaryStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The trends, with the summaries that a model wrote in place of their own where there are any. */
public final class SummarizedTrends implements Trends {
  private static final Logger log = LoggerFactory.getLogger(SummarizedTrends.class);

  private final Trends trends;
  private final SummaryStore summaries;

  public SummarizedTrends(Trends trends, SummaryStore summaries) {
    this.trends = trends;
    this.summaries = summaries;
  }

  @Override
  public Optional<Trend> find(WorkspaceId workspace, TrendId id) {
    return trends
        .find(workspace, id)
        .map(trend -> told(trend, summaries(workspace, List.of(trend))));
  }

  @Override
  public Page<Trend> list(
      WorkspaceId workspace, @Nullable TrendState state, long minPosts, PageRequest page) {
    Page<Trend> found = trends.list(workspace, state, minPosts, page);
    Map<TrendId, String> texts = summaries(workspace, found.items());
    return found.map(trend -> told(trend, texts));
  }

  private Map<TrendId, String> summaries(WorkspaceId workspace, List<Trend> found) {
    try {
      return summaries.of(workspace, found.stream().map(Trend::id).toList());
    } catch (PulsegridException e) {
      // The grid answers trends without Postgres: then each shows its own sentences.
      log.debug("No summaries just now", e);
      return Map.of();
    }
  }

  private static Trend told(Trend trend, Map<TrendId, String> texts) {
    String text = texts.get(trend.id());
    if (text == null) {
      return trend;
    }
    Trend.Wording own = trend.wording();
    return trend.worded(new Trend.Wording(own.label(), own.keywords(), text));
  }
}
