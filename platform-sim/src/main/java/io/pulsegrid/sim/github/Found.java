package io.pulsegrid.sim.github;

import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.world.Piece;
import io.pulsegrid.sim.world.Shelf;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Repositories and issues as of one moment: pieces with an even number are repositories. */
final class Found {
  private static final int USUAL = 30;
  private static final int MOST = 100;
  private static final int MOST_RESULTS = 1_000;
  private static final String SITE = "https://github.com/";

  private final Shelf shelf;

  Found(Shelf shelf) {
    this.shelf = shelf;
  }

  Reply.Whole search(Request request) {
    boolean issues = request.path().endsWith("/issues");
    int page = Math.max(1, request.query("page").map(Integer::parseInt).orElse(1));
    int size = Math.clamp(request.query("per_page").map(Integer::parseInt).orElse(USUAL), 1, MOST);
    List<Piece> all =
        shelf
            .newest()
            .filter(piece -> isIssue(piece) == issues)
            .filter(Shelf.saying(request.query("q").orElse("")))
            .limit(MOST_RESULTS)
            .toList();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("total_count", all.size()).put("incomplete_results", false);
    ArrayNode items = json.putArray("items");
    all.stream()
        .skip((page - 1L) * size)
        .limit(size)
        .forEach(piece -> items.add(issues ? issue(piece) : repository(piece)));
    return Reply.json(200, json);
  }

  Optional<ObjectNode> repository(long number) {
    return shelf.find(number).filter(it -> !isIssue(it)).map(this::repository);
  }

  Optional<ObjectNode> issue(long number) {
    return shelf.find(number).filter(Found::isIssue).map(this::issue);
  }

  private static boolean isIssue(Piece piece) {
    return (piece.number() & 1) == 1;
  }

  private ObjectNode repository(Piece piece) {
    String name = name(piece);
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("id", piece.number()).put("node_id", "R_" + Long.toString(piece.number(), 36));
    json.put("name", name).put("full_name", piece.author() + "/" + name);
    json.putObject("owner").put("login", piece.author()).put("type", "User");
    json.put("html_url", SITE + piece.author() + "/" + name);
    json.put("description", piece.wording().headline());
    times(json, piece);
    long stars = piece.likes(shelf.now());
    json.put("stargazers_count", stars).put("watchers_count", stars);
    json.put("forks_count", stars / 8).put("open_issues_count", piece.comments(shelf.now()));
    json.put("language", "Java");
    ArrayNode topics = json.putArray("topics");
    piece.wording().tags().forEach(topics::add);
    return json.put("score", 1.0);
  }

  private ObjectNode issue(Piece piece) {
    String repository = piece.author() + "/" + name(piece);
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("id", piece.number()).put("number", piece.number());
    json.put("node_id", "I_" + Long.toString(piece.number(), 36));
    json.put("html_url", SITE + repository + "/issues/" + piece.number());
    json.put("repository_url", "https://api.github.com/repos/" + repository);
    json.put("title", piece.wording().headline()).put("body", piece.wording().text());
    json.putObject("user").put("login", piece.author()).put("type", "User");
    ArrayNode labels = json.putArray("labels");
    piece.wording().tags().forEach(tag -> labels.addObject().put("name", tag));
    json.put("state", "open").put("comments", piece.comments(shelf.now()));
    times(json, piece);
    long likes = piece.likes(shelf.now());
    json.putObject("reactions").put("total_count", likes).put("+1", likes);
    return json.put("score", 1.0);
  }

  private static void times(ObjectNode json, Piece piece) {
    String at = piece.at().truncatedTo(ChronoUnit.SECONDS).toString();
    json.put("created_at", at).put("updated_at", at);
  }

  private static String name(Piece piece) {
    String name = piece.wording().headline().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return name.length() <= 30 ? name : name.substring(0, 30);
  }
}
