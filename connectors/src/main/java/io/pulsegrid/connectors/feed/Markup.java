package io.pulsegrid.connectors.feed;

import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.post.Engagement;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdom2.Element;
import org.jspecify.annotations.Nullable;

/** What namespaces beyond RSS and Atom say of an entry: media (YouTube), slash, thread. */
final class Markup {
  private static final Pattern COUNT = Pattern.compile("\\d{1,15}");
  private static final String MEDIA = "http://search.yahoo.com/mrss/";
  private static final String SLASH = "http://purl.org/rss/1.0/modules/slash/";
  private static final String THREAD = "http://purl.org/syndication/thread/1.0";

  private Markup() {}

  static Optional<String> description(List<Element> foreign) {
    return find(foreign, MEDIA, "description")
        .flatMap(
            element ->
                "html".equals(element.getAttributeValue("type"))
                    ? PlainText.ofHtml(element.getText())
                    : PlainText.tidy(element.getText()));
  }

  static Engagement engagement(List<Element> foreign) {
    long likes =
        find(foreign, MEDIA, "starRating")
            .map(rating -> count(rating.getAttributeValue("count")))
            .orElse(0L);
    long views =
        find(foreign, MEDIA, "statistics")
            .map(statistics -> count(statistics.getAttributeValue("views")))
            .orElse(0L);
    long comments =
        find(foreign, SLASH, "comments")
            .or(() -> find(foreign, THREAD, "total"))
            .map(total -> count(total.getText()))
            .orElse(0L);
    return new Engagement(likes, comments, 0, views);
  }

  private static long count(@Nullable String written) {
    return written != null && COUNT.matcher(written.strip()).matches()
        ? Long.parseLong(written.strip())
        : 0;
  }

  private static Optional<Element> find(List<Element> elements, String namespace, String name) {
    for (Element element : elements) {
      if (element.getName().equals(name) && element.getNamespaceURI().equals(namespace)) {
        return Optional.of(element);
      }
      Optional<Element> within = find(element.getChildren(), namespace, name);
      if (within.isPresent()) {
        return within;
      }
    }
    return Optional.empty();
  }
}
