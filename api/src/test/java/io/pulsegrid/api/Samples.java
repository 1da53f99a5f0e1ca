package io.pulsegrid.api;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Posts and trends to show. */
final class Samples {
  static final Instant NOON = Instant.parse("2026-10-01T12:00:00Z");

  private Samples() {}

  static Post post(WorkspaceId workspace, String nativeId, String title, TrendId trend) {
    return new Post(
        PostId.of(workspace, "hackernews", nativeId),
        workspace,
        new Content(
            "hackernews",
            nativeId,
            "https://example.org/" + nativeId,
            "ada",
            title,
            null,
            "en",
            "story",
            List.of("tech")),
        new Engagement(111, 22, 3, 4),
        NOON.minusSeconds(600L + nativeId.length()),
        NOON.minusSeconds(500),
        new Post.Progress(Stage.CLUSTERED, 7, "s1", null, trend));
  }

  /** The same, which nearly repeats another. */
  static Post copy(Post post, Post original) {
    Post.Progress progress = post.progress();
    return new Post(
        post.id(),
        post.workspace(),
        post.content(),
        post.engagement(),
        post.publishedAt(),
        post.collectedAt(),
        new Post.Progress(
            progress.stage(),
            progress.sequence(),
            progress.source(),
            original.id(),
            progress.trendId()));
  }

  static Trend trend(WorkspaceId workspace, String label, double score, long posts) {
    return trend(workspace, label, score, posts, TrendState.RISING);
  }

  static Trend trend(
      WorkspaceId workspace, String label, double score, long posts, TrendState state) {
    TrendId id = TrendId.begunBy(PostId.of(workspace, "hackernews", label));
    return new Trend(
        id,
        workspace,
        new Trend.Wording(label, List.of("rust", "kernel"), "What people say about " + label + "."),
        state,
        score,
        posts,
        Map.of("hackernews", posts - posts / 3, "feed", posts / 3),
        NOON.minusSeconds(7200),
        NOON.minusSeconds(60),
        List.of(
            new Trend.Moment.Entered(TrendState.EMERGING, NOON.minusSeconds(7200)),
            new Trend.Moment.Merged(
                List.of(TrendId.begunBy(PostId.of(workspace, "feed", label))),
                NOON.minusSeconds(3600))));
  }

  /** An alert of the first workspace that is not over. */
  static Alert alert(String id, Alert.Kind kind, Instant at) {
    return new Alert(
        id,
        WorkspaceId.DEFAULT,
        kind,
        at,
        new Alert.Concerns("d1", "p1", "c1", null, null, null),
        "@me on mastodon",
        "HTTP 422",
        null);
  }
}
