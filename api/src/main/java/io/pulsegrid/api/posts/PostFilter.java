package io.pulsegrid.api.posts;

import io.pulsegrid.api.web.Fields;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Posts;
import io.pulsegrid.core.trend.TrendId;
import io.swagger.v3.oas.annotations.Parameter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which posts a list is to hold. */
record PostFilter(
    @Nullable String platform,
    @Parameter(description = "the id of the source that collected them") @Nullable String source,
    @Parameter(description = "published at or after", example = "2026-12-01T00:00:00Z")
        @Nullable String since,
    @Parameter(description = "published before") @Nullable String until,
    @Parameter(description = "the id of a trend") @Nullable String trend) {

  Posts.Query query(WorkspaceId workspace) {
    Fields fields = new Fields();
    Instant from = fields.instant("since", since);
    Instant to = fields.instant("until", until);
    TrendId story =
        fields.read(
            "trend",
            trend,
            id -> {
              if (!PostId.isValid(id)) {
                throw new IllegalArgumentException("not an id");
              }
              return new TrendId(id);
            },
            "a trend's id");
    fields.settle();
    return new Posts.Query(workspace, platform, source, from, to, story);
  }
}
