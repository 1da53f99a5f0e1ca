package io.pulsegrid.sim.youtube;

import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.world.Piece;
import io.pulsegrid.sim.world.Shelf;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Videos as of one moment. A page's token is how many were shown. */
final class Videos {
  private static final int USUAL = 5;
  private static final int MOST = 50;

  private final Shelf shelf;

  Videos(Shelf shelf) {
    this.shelf = shelf;
  }

  ObjectNode search(Request request) {
    Optional<Instant> after = request.query("publishedAfter").map(Instant::parse);
    List<Piece> all =
        shelf
            .newest()
            .filter(Shelf.saying(request.query("q").orElse("")))
            .filter(piece -> after.map(it -> piece.at().isAfter(it)).orElse(true))
            .toList();
    ObjectNode json = page(request, all, "youtube#searchListResponse");
    json.put("regionCode", "US");
    for (Piece piece : shown(request, all)) {
      ObjectNode item = json.withArray("items").addObject();
      item.put("kind", "youtube#searchResult").put("etag", id(piece));
      item.putObject("id").put("kind", "youtube#video").put("videoId", id(piece));
      // A search writes its texts out for HTML, a list of videos does not.
      String title = piece.wording().headline().replace("&", "&amp;").replace("'", "&#39;");
      item.set("snippet", snippet(piece).put("title", title));
    }
    return json;
  }

  ObjectNode videos(Request request) {
    List<Piece> all =
        request.query("chart").isPresent()
            ? shelf
                .newest()
                .sorted(
                    Comparator.comparingLong((Piece piece) -> piece.likes(shelf.now())).reversed())
                .limit(200)
                .toList()
            : Stream.of(request.query("id").orElse("").split(","))
                .limit(MOST)
                .flatMap(id -> find(id).stream())
                .toList();
    boolean chart = request.query("chart").isPresent();
    ObjectNode json = page(request, all, "youtube#videoListResponse");
    for (Piece piece : chart ? shown(request, all) : all) {
      ObjectNode item = json.withArray("items").addObject();
      item.put("kind", "youtube#video").put("etag", id(piece)).put("id", id(piece));
      String part = request.query("part").orElse("");
      if (part.contains("snippet")) {
        ObjectNode snippet = snippet(piece);
        ArrayNode tags = snippet.putArray("tags");
        piece.wording().tags().forEach(tags::add);
        snippet.put("categoryId", "28").put("defaultAudioLanguage", "en");
        item.set("snippet", snippet);
      }
      if (part.contains("statistics")) {
        item.set("statistics", statistics(piece));
      }
    }
    return json;
  }

  private static int from(Request request) {
    return request.query("pageToken").map(Integer::parseInt).orElse(0);
  }

  private static int size(Request request) {
    return Math.clamp(request.query("maxResults").map(Integer::parseInt).orElse(USUAL), 1, MOST);
  }

  private static List<Piece> shown(Request request, List<Piece> all) {
    return all.stream().skip(from(request)).limit(size(request)).toList();
  }

  private static ObjectNode page(Request request, List<Piece> all, String kind) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("kind", kind).put("etag", "etag");
    int next = from(request) + size(request);
    if (next < all.size()) {
      json.put("nextPageToken", String.valueOf(next));
    }
    json.putObject("pageInfo").put("totalResults", all.size()).put("resultsPerPage", size(request));
    json.putArray("items");
    return json;
  }

  private static ObjectNode snippet(Piece piece) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("publishedAt", piece.at().truncatedTo(ChronoUnit.SECONDS).toString());
    json.put("channelId", "UC" + piece.author()).put("title", piece.wording().headline());
    json.put("description", piece.wording().text());
    json.putObject("thumbnails");
    json.put("channelTitle", piece.author().replace('_', ' '));
    return json.put("liveBroadcastContent", "none");
  }

  /** Counts are texts. */
  private ObjectNode statistics(Piece piece) {
    long likes = piece.likes(shelf.now());
    return JsonMapper.shared()
        .createObjectNode()
        .put("viewCount", String.valueOf(likes * 37 + 11))
        .put("likeCount", String.valueOf(likes))
        .put("favoriteCount", "0")
        .put("commentCount", String.valueOf(piece.comments(shelf.now())));
  }

  private static String id(Piece piece) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(ByteBuffer.allocate(8).putLong(piece.number()).array());
  }

  private Optional<Piece> find(String id) {
    if (!id.matches("[A-Za-z0-9_-]{11}")) {
      return Optional.empty();
    }
    try {
      return shelf.find(ByteBuffer.wrap(Base64.getUrlDecoder().decode(id)).getLong());
    } catch (IllegalArgumentException notOfThisWorld) {
      return Optional.empty();
    }
  }
}
