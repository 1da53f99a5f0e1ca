package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.trend.TrendId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Rows of posts as PostgreSQL writes them in JSON. */
public final class PostJson {
  private PostJson() {}

  /** A post as its row had it. */
  public static Post whole(WorkspaceId workspace, JsonNode row) {
    String original = text(row, "duplicate_of");
    String trend = text(row, "trend_id");
    List<String> tags = new ArrayList<>();
    row.path("tags").forEach(tag -> tags.add(tag.asString()));
    return new Post(
        new PostId(row.path("id").asString()),
        workspace,
        new Content(
            row.path("platform").asString(),
            row.path("native_id").asString(),
            text(row, "url"),
            text(row, "author"),
            text(row, "title"),
            text(row, "text"),
            text(row, "lang"),
            text(row, "category"),
            tags),
        new Engagement(
            row.path("likes").asLong(),
            row.path("comments").asLong(),
            row.path("shares").asLong(),
            row.path("views").asLong()),
        instant(row, "published_at"),
        instant(row, "collected_at"),
        new Post.Progress(
            Stage.of(row.path("stage").asInt()),
            row.path("sequence").asLong(),
            text(row, "source"),
            original == null ? null : new PostId(original),
            trend == null ? null : new TrendId(trend)));
  }

  private static @Nullable String text(JsonNode row, String field) {
    JsonNode value = row.path(field);
    return value.isString() ? value.stringValue() : null;
  }

  private static Instant instant(JsonNode row, String field) {
    return OffsetDateTime.parse(row.path(field).asString()).toInstant();
  }
}
