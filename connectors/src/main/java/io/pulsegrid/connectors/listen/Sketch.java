package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A post while its fields are gathered; what is too long for one is cut or left out. */
final class Sketch {
  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*");
  private static final int MOST_LANGUAGE = 35;

  private final String platform;
  private final String nativeId;
  private final Set<String> tags = new LinkedHashSet<>();
  private @Nullable String url;
  private @Nullable String author;
  private @Nullable String title;
  private @Nullable String text;
  private @Nullable String lang;
  private @Nullable String category;
  private @Nullable Instant publishedAt;
  private Engagement engagement = Engagement.NONE;

  Sketch(String platform, String nativeId) {
    this.platform = platform;
    this.nativeId = nativeId;
  }

  Sketch url(Optional<String> value) {
    url = value.filter(each -> each.length() <= IncomingPost.MAX_URL).orElse(url);
    return this;
  }

  Sketch author(Optional<String> value) {
    author = brief(value);
    return this;
  }

  Sketch title(Optional<String> value) {
    title = value.map(each -> PlainText.cut(each, IncomingPost.MAX_TITLE)).orElse(null);
    return this;
  }

  Sketch text(Optional<String> value) {
    text = value.map(each -> PlainText.cut(each, IncomingPost.MAX_TEXT)).orElse(null);
    return this;
  }

  Sketch lang(Optional<String> value) {
    lang =
        value
            .filter(each -> each.length() <= MOST_LANGUAGE && LANGUAGE.matcher(each).matches())
            .map(each -> each.replace('_', '-'))
            .orElse(null);
    return this;
  }

  Sketch category(Optional<String> value) {
    category = brief(value);
    return this;
  }

  Sketch tags(Collection<String> values) {
    for (String value : values) {
      if (tags.size() < IncomingPost.MAX_TAGS) {
        brief(tags, value);
      }
    }
    return this;
  }

  private static void brief(Set<String> tags, String value) {
    @Nullable String tag = brief(PlainText.line(value));
    if (tag != null) {
      tags.add(tag);
    }
  }

  Sketch publishedAt(Optional<Instant> value) {
    publishedAt = value.orElse(null);
    return this;
  }

  Sketch engagement(Engagement counts) {
    engagement = counts;
    return this;
  }

  private static @Nullable String brief(Optional<String> value) {
    return value
        .flatMap(PlainText::line)
        .map(each -> PlainText.cut(each, IncomingPost.MAX_SHORT))
        .orElse(null);
  }

  /** The entry that this has become. */
  Entry of(String sourceId) {
    Content content =
        new Content(
            platform, nativeId, url, author, title, text, lang, category, List.copyOf(tags));
    IncomingPost post = new IncomingPost(content, publishedAt, engagement, sourceId);
    List<FieldError> errors = post.errors();
    if (errors.isEmpty()) {
      return new Entry.Usable(post, true);
    }
    FieldError first = errors.getFirst();
    return new Entry.Useless(nativeId, nativeId + ": " + first.field() + " " + first.message());
  }
}
