package io.pulsegrid.connectors.hackernews;

import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One item of the API, read. */
sealed interface Item {
  /** An item that is a post. */
  record Usable(long id, IncomingPost post) implements Item {}

  /** An item that never will be a post: deleted, dead or without words. */
  record Useless(long id, String reason) implements Item {}

  /** Not there yet ({@code null}) or not readable this time: a later visit asks again. */
  record Missing(long id, String reason) implements Item {}

  String PLATFORM = "hackernews";

  /** The first second of 2100: a later time is none. */
  long LATEST = 4_102_444_800L;

  /** More than there are people to count: a higher count is none. */
  long MOST = 1_000_000_000_000L;

  static Item read(long id, JsonNode node, String source) {
    if (!node.isObject()) {
      return new Missing(id, "item " + id + " is not there");
    }
    if (node.path("deleted").asBoolean(false)) {
      return new Useless(id, "item " + id + " is deleted");
    }
    if (node.path("dead").asBoolean(false)) {
      return new Useless(id, "item " + id + " is dead");
    }
    IncomingPost post = post(id, node, source);
    List<FieldError> errors = post.errors();
    if (!errors.isEmpty()) {
      FieldError first = errors.getFirst();
      return new Useless(id, "item " + id + ": " + first.field() + " " + first.message());
    }
    return new Usable(id, post);
  }

  private static IncomingPost post(long id, JsonNode node, String source) {
    String url =
        string(node, "url")
            .filter(each -> each.length() <= IncomingPost.MAX_URL)
            .orElse("https://news.ycombinator.com/item?id=" + id);
    Content content =
        new Content(
            PLATFORM,
            Long.toString(id),
            url,
            string(node, "by").orElse(null),
            string(node, "title").flatMap(PlainText::ofPerhapsHtml).orElse(null),
            string(node, "text")
                .flatMap(PlainText::ofHtml)
                .map(each -> PlainText.cut(each, IncomingPost.MAX_TEXT))
                .orElse(null),
            null,
            string(node, "type").orElse(null),
            List.of());
    JsonNode time = node.path("time");
    return new IncomingPost(
        content,
        time.isIntegralNumber() && time.canConvertToLong() ? believable(time.longValue()) : null,
        new Engagement(count(node, "score"), count(node, "descendants"), 0, 0),
        source);
  }

  private static Optional<String> string(JsonNode node, String name) {
    JsonNode value = node.path(name);
    return value.isString() ? PlainText.tidy(value.stringValue()) : Optional.empty();
  }

  private static long count(JsonNode node, String name) {
    JsonNode value = node.path(name);
    boolean sane = value.isIntegralNumber() && value.canConvertToLong();
    return sane && value.longValue() <= MOST ? Math.max(0, value.longValue()) : 0;
  }

  private static @Nullable Instant believable(long seconds) {
    return seconds > 0 && seconds < LATEST ? Instant.ofEpochSecond(seconds) : null;
  }
}
