package io.pulsegrid.connectors.hackernews;

import io.pulsegrid.connectors.text.JsonFields;
import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import java.util.List;
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
        JsonFields.text(node, "url")
            .filter(each -> each.length() <= IncomingPost.MAX_URL)
            .orElse("https://news.ycombinator.com/item?id=" + id);
    Content content =
        new Content(
            PLATFORM,
            Long.toString(id),
            url,
            JsonFields.text(node, "by").orElse(null),
            JsonFields.text(node, "title").flatMap(PlainText::ofPerhapsHtml).orElse(null),
            JsonFields.text(node, "text")
                .flatMap(PlainText::ofHtml)
                .map(each -> PlainText.cut(each, IncomingPost.MAX_TEXT))
                .orElse(null),
            null,
            JsonFields.text(node, "type").orElse(null),
            List.of());
    return new IncomingPost(
        content, JsonFields.epochSeconds(node, "time").orElse(null), engagement(node), source);
  }

  private static Engagement engagement(JsonNode node) {
    return new Engagement(
        JsonFields.count(node, "score"), JsonFields.count(node, "descendants"), 0, 0);
  }
}
