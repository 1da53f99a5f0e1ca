package io.pulsegrid.sim.reddit;

import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.world.Piece;
import io.pulsegrid.sim.world.Shelf;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Subreddits and searches as of one moment. Every section is one; any other name shows all. */
final class Listings {
  static final Pattern PATH =
      Pattern.compile("(?:/r/(?<sub>[^/]+))?/(?<what>hot|new|top|rising|best|search)(?:\\.json)?");

  private static final int MOST = 100;
  private static final int USUAL = 25;
  private static final Duration FRONT_PAGE_MEMORY = Duration.ofHours(24);
  private static final int RADIX = 36;

  private final Shelf shelf;

  Listings(Shelf shelf) {
    this.shelf = shelf;
  }

  Reply.Whole listing(Request request) {
    Matcher path = PATH.matcher(request.path());
    if (!path.matches()) {
      throw new IllegalArgumentException("not a listing: " + request.path());
    }
    Predicate<Piece> wanted = Shelf.in(Optional.ofNullable(path.group("sub")).orElse("all"));
    boolean search = path.group("what").equals("search");
    if (search) {
      wanted = wanted.and(Shelf.saying(request.query("q").orElse("")));
    }
    Stream<Piece> pieces = shelf.newest().filter(wanted);
    boolean newest =
        search
            ? request.query("sort").filter("new"::equals).isPresent()
            : path.group("what").equals("new");
    if (!newest) {
      Comparator<Piece> liked = Comparator.comparingLong(piece -> piece.likes(shelf.now()));
      pieces =
          pieces
              .filter(it -> it.at().isAfter(shelf.now().minus(FRONT_PAGE_MEMORY)))
              .sorted(liked.reversed());
    }
    int limit = Math.clamp(request.query("limit").map(Integer::parseInt).orElse(USUAL), 1, MOST);
    String after = request.query("after").orElse("");
    List<Piece> page =
        pieces
            .dropWhile(piece -> !after.isEmpty() && !name(piece).equals(after))
            .skip(after.isEmpty() ? 0 : 1)
            .limit(limit)
            .toList();
    return listing(page.stream().map(this::shown).toList(), limit);
  }

  /** What is known by these names; {@code posted} are those that clients submitted. */
  Reply.Whole info(Request request, List<ObjectNode> posted) {
    List<ObjectNode> found =
        Arrays.stream(request.query("id").orElse("").split(","))
            .flatMap(
                name ->
                    Stream.concat(
                        find(name).map(this::shown).stream(),
                        posted.stream().filter(it -> it.path("name").asString("").equals(name))))
            .limit(MOST)
            .toList();
    return listing(found, MOST);
  }

  private Optional<Piece> find(String name) {
    return name.matches("t3_[0-9a-z]{8,12}")
        ? shelf.find(Long.parseLong(name.substring(3), RADIX))
        : Optional.empty();
  }

  private static Reply.Whole listing(List<ObjectNode> posts, int limit) {
    ObjectNode json = JsonMapper.shared().createObjectNode().put("kind", "Listing");
    ObjectNode data = json.putObject("data");
    data.put("after", posts.size() < limit ? null : posts.getLast().path("name").asString(""));
    data.put("dist", posts.size()).put("modhash", "").putNull("geo_filter");
    ArrayNode children = data.putArray("children");
    posts.forEach(post -> children.addObject().put("kind", "t3").set("data", post));
    data.putNull("before");
    return Reply.json(200, json);
  }

  private ObjectNode shown(Piece piece) {
    String section = piece.wording().section();
    boolean self = piece.wording().tags().isEmpty();
    String permalink =
        "/r/%s/comments/%s/told/".formatted(section, Long.toString(piece.number(), RADIX));
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("id", Long.toString(piece.number(), RADIX)).put("name", name(piece));
    json.put("title", piece.wording().headline());
    json.put("selftext", self ? piece.wording().text() : "").putNull("selftext_html");
    json.put("author", piece.author()).put("subreddit", section);
    json.put("subreddit_name_prefixed", "r/" + section).put("permalink", permalink);
    json.put("url", self ? "https://www.reddit.com" + permalink : piece.url());
    json.put("domain", self ? "self." + section : "news.example").put("is_self", self);
    long score = 1 + piece.likes(shelf.now());
    json.put("score", score).put("ups", score).put("downs", 0).put("upvote_ratio", 0.93);
    json.put("num_comments", piece.comments(shelf.now())).put("num_crossposts", 0);
    json.put("created_utc", (double) piece.at().getEpochSecond());
    json.put("over_18", false).put("stickied", false).put("edited", false);
    json.put("link_flair_text", self ? null : piece.wording().tags().getFirst());
    json.putNull("view_count");
    return json;
  }

  private static String name(Piece piece) {
    return "t3_" + Long.toString(piece.number(), RADIX);
  }
}
