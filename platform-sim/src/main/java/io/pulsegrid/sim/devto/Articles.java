package io.pulsegrid.sim.devto;

import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.world.Piece;
import io.pulsegrid.sim.world.Shelf;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Everybody's articles as of one moment, newest first. */
final class Articles {
  private static final int USUAL = 30;
  private static final int MOST = 1_000;

  private final Shelf shelf;

  Articles(Shelf shelf) {
    this.shelf = shelf;
  }

  Reply.Whole list(Request request) {
    int page = Math.max(1, request.query("page").map(Integer::parseInt).orElse(1));
    int size = Math.clamp(request.query("per_page").map(Integer::parseInt).orElse(USUAL), 1, MOST);
    Optional<String> tag = request.query("tag");
    Optional<String> author = request.query("username");
    Predicate<Piece> wanted =
        piece ->
            tag.map(it -> tags(piece).contains(it)).orElse(true)
                && author.map(it -> piece.author().equals(it)).orElse(true);
    ArrayNode json = JsonMapper.shared().createArrayNode();
    shelf
        .newest()
        .filter(wanted)
        .skip((page - 1L) * size)
        .limit(size)
        .forEach(piece -> json.add(shown(piece)));
    return Reply.json(200, json);
  }

  Optional<ObjectNode> find(long number) {
    return shelf.find(number).map(this::shown);
  }

  private static List<String> tags(Piece piece) {
    return piece.wording().tags().isEmpty()
        ? List.of("programming", "discuss")
        : piece.wording().tags();
  }

  private ObjectNode shown(Piece piece) {
    String slug = "a-" + Long.toString(piece.number(), 36);
    String url = "https://dev.to/" + piece.author() + "/" + slug;
    String at = piece.at().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("type_of", "article").put("id", piece.number());
    json.put("title", piece.wording().headline()).put("description", piece.wording().text());
    json.put("slug", slug).put("path", "/" + piece.author() + "/" + slug);
    json.put("url", url).put("canonical_url", url);
    json.put("comments_count", piece.comments(shelf.now()));
    long likes = piece.likes(shelf.now());
    json.put("public_reactions_count", likes).put("positive_reactions_count", likes);
    json.put("published_timestamp", at).put("published_at", at).put("created_at", at);
    json.putNull("edited_at").putNull("cover_image").put("reading_time_minutes", 3);
    ArrayNode tags = json.putArray("tag_list");
    tags(piece).forEach(tags::add);
    json.put("tags", String.join(", ", tags(piece)));
    ObjectNode user = json.putObject("user");
    user.put("name", piece.author().replace('_', ' ')).put("username", piece.author());
    return json;
  }
}
