package io.pulsegrid.api.posts;

import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.trend.TrendId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A collected post as it is shown. */
@Schema(name = "Post")
public record PostView(
    @Schema(example = "mfzwizltoqxwk5dfonsgc3djnz") String id,
    @Schema(example = "hackernews") String platform,
    @Schema(example = "8863") String nativeId,
    @Nullable String url,
    @Nullable String author,
    @Nullable String title,
    @Nullable String text,
    Instant publishedAt,
    @Nullable String lang,
    @Nullable String category,
    List<String> tags,
    Counts engagement,
    Instant collectedAt,
    Stage stage,
    @Schema(description = "the original that this post nearly repeats")
        @Nullable String duplicateOf,
    @Nullable String trendId,
    @Schema(description = "the source that collected it; null for an import")
        @Nullable String source) {

  /** How the world answered a post. */
  @Schema(name = "Engagement")
  public record Counts(long likes, long comments, long shares, long views) {
    static Counts of(Engagement counts) {
      return new Counts(counts.likes(), counts.comments(), counts.shares(), counts.views());
    }
  }

  /** A post as the caller reads it. */
  public static PostView of(Post post) {
    Content content = post.content();
    Post.Progress progress = post.progress();
    PostId original = progress.duplicateOf();
    TrendId trend = progress.trendId();
    return new PostView(
        post.id().value(),
        content.platform(),
        content.nativeId(),
        content.url(),
        content.author(),
        content.title(),
        content.text(),
        post.publishedAt(),
        content.lang(),
        content.category(),
        content.tags(),
        Counts.of(post.engagement()),
        post.collectedAt(),
        progress.stage(),
        original == null ? null : original.value(),
        trend == null ? null : trend.value(),
        progress.source());
  }
}
