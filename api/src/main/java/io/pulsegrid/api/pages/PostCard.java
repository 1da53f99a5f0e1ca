package io.pulsegrid.api.pages;

import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.trend.TrendId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A collected post on a page. */
record PostCard(
    String id,
    String title,
    String body,
    String byline,
    @Nullable String link,
    Moment published,
    String counts,
    @Nullable String trend,
    boolean copy) {

  static PostCard of(Post post, Instant now) {
    Content content = post.content();
    String title = content.title();
    TrendId trend = post.progress().trendId();
    return new PostCard(
        post.id().value(),
        Wording.snippet(title == null || title.isBlank() ? content.text() : title),
        title == null || title.isBlank() || title.equals(content.text())
            ? ""
            : Wording.snippet(content.text()),
        content.author() == null
            ? content.platform()
            : content.author() + " on " + content.platform(),
        Wording.link(content.url()),
        Moment.of(post.publishedAt(), now),
        counts(post),
        trend == null ? null : trend.value(),
        post.progress().duplicateOf() != null);
  }

  private static String counts(Post post) {
    long likes = post.engagement().likes();
    long comments = post.engagement().comments();
    return String.join(
        " · ",
        java.util.stream.Stream.of(some(likes, "like"), some(comments, "comment"))
            .filter(part -> !part.isEmpty())
            .toList());
  }

  private static String some(long count, String what) {
    return count == 0 ? "" : String.format("%,d %s%s", count, what, count == 1 ? "" : "s");
  }
}
