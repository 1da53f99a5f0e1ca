package io.pulsegrid.bench;

import io.pulsegrid.bench.eval.RecordedPosts.Recorded;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The posts of a grid as its API shows them. */
final class PostsOfGrid {
  private static final int LONGEST_QUERY = 300;

  private final GridUnderTest grid;

  PostsOfGrid(GridUnderTest grid) {
    this.grid = grid;
  }

  /** Imports posts as one stream, in their order. */
  void importAll(List<Recorded> posts) throws IOException, InterruptedException {
    String lines =
        posts.stream()
            .map(
                post ->
                    "{\"platform\":%s,\"nativeId\":%s,\"text\":%s,\"publishedAt\":\"%s\"}"
                        .formatted(
                            Json.text(post.platform()),
                            Json.text(post.nativeId()),
                            Json.text(post.text()),
                            post.at()))
            .collect(Collectors.joining("\n"));
    String answer = grid.post("/posts/import", "application/x-ndjson", lines);
    if (GridUnderTest.number(answer, "rejected") > 0) {
      throw new IOException("not every post was accepted: " + answer);
    }
  }

  /** By each post in a trend that trend's id, as it is now. */
  Map<String, String> trends() throws IOException, InterruptedException {
    Map<String, String> now = new HashMap<>();
    Map<String, String> trends = new TreeMap<>();
    String cursor = null;
    do {
      JsonNode page = page(cursor);
      for (JsonNode post : page.path("items")) {
        String trend = post.path("trendId").asString("");
        if (!trend.isEmpty()) {
          String known = now.get(trend);
          if (known == null) {
            known = parsed(grid.get(0, "/trends/" + trend)).path("id").asString();
            now.put(trend, known);
          }
          trends.put(name(post), known);
        }
      }
      cursor = page.has("next") ? page.path("next").asString() : null;
    } while (cursor != null);
    return trends;
  }

  /** The first posts that a node finds by words and meaning. */
  Set<String> found(int node, String text, int count) throws IOException, InterruptedException {
    String words = text.length() > LONGEST_QUERY ? text.substring(0, LONGEST_QUERY) : text;
    JsonNode answer = parsed(grid.get(node, "/search?limit=" + count + "&q=" + encoded(words)));
    Set<String> found = new LinkedHashSet<>();
    answer.path("hits").forEach(hit -> found.add(name(hit.path("post"))));
    return found;
  }

  private JsonNode page(@Nullable String cursor) throws IOException, InterruptedException {
    return parsed(
        grid.get(0, "/posts?limit=500" + (cursor == null ? "" : "&cursor=" + encoded(cursor))));
  }

  private static String name(JsonNode post) {
    return post.path("platform").asString() + " " + post.path("nativeId").asString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static JsonNode parsed(String json) {
    return JsonMapper.shared().readTree(json);
  }
}
