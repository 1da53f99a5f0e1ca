package io.pulsegrid.sim.bluesky;

import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.posts.Posts;
import io.pulsegrid.sim.world.Piece;
import io.pulsegrid.sim.world.Place;
import io.pulsegrid.sim.world.Shelf;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Searches and feeds as of one moment. A cursor is how many posts were shown. */
final class Feeds {
  private static final int MOST = 100;
  private static final int USUAL = 25;
  private static final int APPEAL_OF_A_CLIENT = 40;
  private static final Pattern TAG = Pattern.compile("#(\\w+)");
  private static final Pattern ADDRESS = Pattern.compile("at://[^/]+/[^/]+/w([0-9a-z]+)");

  private final Shelf shelf;
  private final Function<String, Optional<Posts.Post>> posted;

  /**
   * @param posted what a client posted, by its address
   */
  Feeds(Shelf shelf, Function<String, Optional<Posts.Post>> posted) {
    this.shelf = shelf;
    this.posted = posted;
  }

  Reply.Whole answer(Request request) {
    String name = request.path().substring(request.path().lastIndexOf('.') + 1);
    return switch (name) {
      case "searchPosts" -> search(request);
      case "getAuthorFeed" -> author(request);
      case "getPosts" -> posts(request);
      default -> Bluesky.error(501, "MethodNotImplemented", "Method Not Implemented");
    };
  }

  private Reply.Whole search(Request request) {
    Optional<String> query = request.query("q");
    if (query.isEmpty()) {
      return Bluesky.error(400, "InvalidRequest", "Error: Params must have the property \"q\"");
    }
    Predicate<Piece> wanted = Shelf.saying(query.get());
    Optional<Instant> since = request.query("since").map(Instant::parse);
    Optional<Instant> until = request.query("until").map(Instant::parse);
    wanted =
        wanted
            .and(piece -> since.map(it -> !piece.at().isBefore(it)).orElse(true))
            .and(piece -> until.map(it -> piece.at().isBefore(it)).orElse(true));
    ObjectNode json = JsonMapper.shared().createObjectNode();
    page(request, wanted, json).forEach(piece -> json.withArray("posts").add(shown(piece)));
    return Reply.json(200, json);
  }

  private Reply.Whole author(Request request) {
    String actor = request.query("actor").orElse("");
    ObjectNode json = JsonMapper.shared().createObjectNode();
    page(
            request,
            piece -> actor.equals(handle(piece)) || actor.equals(Bluesky.did(piece.author())),
            json)
        .forEach(piece -> json.withArray("feed").addObject().set("post", shown(piece)));
    return Reply.json(200, json);
  }

  private List<Piece> page(Request request, Predicate<Piece> wanted, ObjectNode json) {
    int from = request.query("cursor").map(Integer::parseInt).orElse(0);
    int limit = Math.clamp(request.query("limit").map(Integer::parseInt).orElse(USUAL), 1, MOST);
    List<Piece> page = shelf.newest().filter(wanted).skip(from).limit(limit).toList();
    if (page.size() == limit) {
      json.put("cursor", String.valueOf(from + limit));
    }
    json.putArray(request.path().endsWith("searchPosts") ? "posts" : "feed");
    return page;
  }

  private Reply.Whole posts(Request request) {
    List<String> uris = request.query().getOrDefault("uris", List.of());
    if (uris.isEmpty() || uris.size() > USUAL) {
      return Bluesky.error(400, "InvalidRequest", "Error: uris must have 1 to 25 elements");
    }
    ArrayNode posts = JsonMapper.shared().createArrayNode();
    for (String uri : uris) {
      Matcher address = ADDRESS.matcher(uri);
      Optional<Piece> piece =
          address.matches()
              ? shelf.find(Long.parseLong(address.group(1), 36)).filter(it -> uri(it).equals(uri))
              : Optional.empty();
      piece.map(this::shown).or(() -> posted.apply(uri).map(this::shown)).ifPresent(posts::add);
    }
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.set("posts", posts);
    return Reply.json(200, json);
  }

  private ObjectNode shown(Posts.Post post) {
    var wording = new Piece.Wording(post.wish().text(), post.wish().text(), "", List.of());
    ObjectNode json =
        shown(
            new Piece(
                0,
                Place.BLUESKY,
                post.at(),
                post.wish().account(),
                wording,
                "",
                APPEAL_OF_A_CLIENT));
    return json.put("uri", post.id());
  }

  private ObjectNode shown(Piece piece) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("uri", uri(piece));
    json.put("cid", "bafyrei" + Bluesky.hash(uri(piece)).toString(36));
    ObjectNode author = json.putObject("author");
    author.put("did", Bluesky.did(piece.author())).put("handle", handle(piece));
    author.put("displayName", piece.author().replace('_', ' '));
    author.putArray("labels");
    String text = piece.wording().text();
    ObjectNode record = json.putObject("record");
    record.put("$type", "app.bsky.feed.post").put("createdAt", piece.at().toString());
    record.putArray("langs").add("en");
    record.put("text", text);
    ArrayNode facets = record.putArray("facets");
    TAG.matcher(text).results().forEach(tag -> facets.add(facet(text, tag.start(), tag.end())));
    long likes = piece.likes(shelf.now());
    json.put("replyCount", piece.comments(shelf.now()));
    json.put("repostCount", likes / 4).put("likeCount", likes).put("quoteCount", likes / 20);
    json.put("indexedAt", piece.at().plusMillis(250).toString());
    json.putArray("labels");
    return json;
  }

  private static ObjectNode facet(String text, int start, int end) {
    ObjectNode facet = JsonMapper.shared().createObjectNode();
    facet
        .putObject("index")
        .put("byteStart", bytes(text.substring(0, start)))
        .put("byteEnd", bytes(text.substring(0, end)));
    facet
        .putArray("features")
        .addObject()
        .put("$type", "app.bsky.richtext.facet#tag")
        .put("tag", text.substring(start + 1, end));
    return facet;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String uri(Piece piece) {
    return Bluesky.uri(piece.author(), "w" + Long.toString(piece.number(), 36));
  }

  private static String handle(Piece piece) {
    return piece.author().replace('_', '-').toLowerCase(Locale.ROOT) + ".bsky.example";
  }
}
