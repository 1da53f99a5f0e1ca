package io.pulsegrid.api.pages;

import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.SearchAnswer;
import io.pulsegrid.core.trend.TrendId;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A collected post on a page.
 *
 * @param copyOf the post that it nearly repeats; null where it repeats none
 * @param passages what a search was for, as it stands in the post: HTML, escaped; else empty
 */
record PostCard(
    String id,
    String title,
    String body,
    String byline,
    @Nullable String link,
    Moment published,
    String counts,
    @Nullable String trend,
    @Nullable String copyOf,
    List<String> passages) {

  static PostCard of(Post post, Instant now) {
    return of(post, now, List.of());
  }

  /** A post that a search has found. */
  static PostCard of(SearchAnswer.Hit hit, Instant now) {
    SearchAnswer.Highlights highlights = hit.highlights();
    return of(
        hit.post(),
        now,
        highlights == null
            ? List.of()
            : Stream.concat(highlights.title().stream(), highlights.text().stream()).toList());
  }

  private static PostCard of(Post post, Instant now, List<String> passages) {
    Content content = post.content();
    String title = content.title();
    TrendId trend = post.progress().trendId();
    PostId original = post.progress().duplicateOf();
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
        original == null ? null : original.value(),
        passages);
  }

  private static String counts(Post post) {
    long likes = post.engagement().likes();
    long comments = post.engagement().comments();
    return String.join(
        " · ",
        Stream.of(some(likes, "like"), some(comments, "comment"))
            .filter(part -> !part.isEmpty())
            .toList());
  }

  private static String some(long count, String what) {
    return count == 0 ? "" : String.format("%,d %s%s", count, what, count == 1 ? "" : "s");
  }
}
