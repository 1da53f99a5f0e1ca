package io.pulsegrid.connectors.hackernews;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * One of the API's lists and the addresses beside it. A base without a list, such as {@code
 * https://hacker-news.firebaseio.com}, means its top stories.
 *
 * @param list ends in one of the list names
 */
record StoryList(URI list) {
  private static final Set<String> NAMES =
      Set.of("topstories", "newstories", "beststories", "askstories", "showstories", "jobstories");

  static Optional<StoryList> of(URI url) {
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (name.endsWith(".json")) {
      return NAMES.contains(name.substring(0, name.length() - ".json".length()))
          ? Optional.of(new StoryList(url))
          : Optional.empty();
    }
    String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    String version = base.endsWith("/v0") ? "" : "/v0";
    return Optional.of(new StoryList(url.resolve(base + version + "/topstories.json")));
  }

  URI item(long id) {
    return list.resolve("item/" + id + ".json");
  }

  /** What changed lately anywhere, whether listed or not. */
  URI updates() {
    return list.resolve("updates.json");
  }
}
