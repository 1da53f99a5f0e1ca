package io.pulsegrid.node.listen;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.search.SearchFilter;
import io.pulsegrid.core.trend.TrendId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A search's filter as it crosses nodes. */
final class FilterWire {
  private final String workspace;
  private final @Nullable String platform;
  private final @Nullable Instant since;
  private final @Nullable Instant until;
  private final @Nullable String lang;
  private final @Nullable String tag;
  private final @Nullable String author;
  private final long minLikes;
  private final List<String> trends;

  FilterWire(SearchFilter filter) {
    workspace = filter.workspace().value();
    platform = filter.platform();
    since = filter.since();
    until = filter.until();
    lang = filter.lang();
    tag = filter.tag();
    author = filter.author();
    minLikes = filter.minLikes();
    trends = new ArrayList<>(filter.trends().stream().map(TrendId::value).toList());
  }

  SearchFilter filter() {
    return new SearchFilter(
        new WorkspaceId(workspace),
        platform,
        since,
        until,
        lang,
        tag,
        trends.stream().map(TrendId::new).toList(),
        author,
        minLikes);
  }
}
