package io.pulsegrid.sim.hackernews;

import io.pulsegrid.sim.fault.Platform;
import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.world.Piece;
import io.pulsegrid.sim.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The Firebase API of Hacker News, version 0; it knows no limit. */
public final class HackerNews implements Platform {
  private static final Pattern ADDRESS =
      Pattern.compile("/v0/(?<what>[a-z]+)(?:/(?<which>[^/]+))?\\.json");
  private static final int MOST_STORIES = 500;
  private static final int MOST_OTHERS = 200;

  private final World world;
  private final InstantSource clock;

  public HackerNews(World world, InstantSource clock) {
    this.world = world;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "hackernews";
  }

  @Override
  public Set<String> operations() {
    return Set.of("list", "item", "user", "updates", "unknown");
  }

  @Override
  public String operation(Request request) {
    Matcher address = ADDRESS.matcher(request.path());
    if (!address.matches()) {
      return "unknown";
    }
    return switch (String.valueOf(address.group("what"))) {
      case "item" -> "item";
      case "user" -> "user";
      case "updates", "maxitem" -> "updates";
      default -> "list";
    };
  }

  @Override
  public String account(Request request) {
    return "";
  }

  @Override
  public Reply answer(Request request) {
    Matcher address = ADDRESS.matcher(request.path());
    if (!address.matches()) {
      return failure(404, "Not found");
    }
    Items items = new Items(world, clock.instant());
    String which = address.group("which");
    return which == null
        ? list(String.valueOf(address.group("what")), items)
        : one(String.valueOf(address.group("what")), which, items);
  }

  @Override
  public Reply.Whole throttled(Instant reset) {
    long seconds = Math.max(1, Duration.between(clock.instant(), reset).toSeconds());
    return failure(429, "Too many requests").with("Retry-After", String.valueOf(seconds));
  }

  @Override
  public Reply.Whole failure(int status, String message) {
    return Reply.json(status, JsonMapper.shared().createObjectNode().put("error", message));
  }

  private Reply list(String what, Items items) {
    return switch (what) {
      case "topstories" -> numbers(items.top(MOST_STORIES));
      case "newstories" -> numbers(items.newest(MOST_STORIES));
      case "beststories" -> numbers(items.best(MOST_OTHERS));
      case "askstories" -> numbers(items.titled(it -> it.startsWith("Ask HN"), MOST_OTHERS));
      case "showstories" -> numbers(items.titled(it -> it.startsWith("Show HN"), MOST_OTHERS));
      case "jobstories" -> numbers(items.titled(Items::isJob, MOST_OTHERS));
      case "maxitem" -> json(String.valueOf(items.newestNumber()));
      case "updates" -> updates(items);
      default -> json("null");
    };
  }

  private static Reply one(String what, String which, Items items) {
    if (what.equals("user")) {
      return user(which, items);
    }
    if (!what.equals("item") || !which.matches("\\d{1,18}")) {
      return json("null");
    }
    return items
        .item(Long.parseLong(which))
        .<Reply>map(item -> Reply.json(200, item))
        .orElseGet(() -> json("null"));
  }

  private static Reply user(String name, Items items) {
    List<Piece> stories = items.by(name);
    if (stories.isEmpty()) {
      return json("null");
    }
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("created", 1_500_000_000L).put("id", name).put("karma", 1 + stories.size() * 17);
    ArrayNode submitted = json.putArray("submitted");
    stories.forEach(story -> submitted.add(story.number()));
    return Reply.json(200, json);
  }

  private static Reply updates(Items items) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    ArrayNode numbers = json.putArray("items");
    ArrayNode profiles = json.putArray("profiles");
    for (Piece story : items.changed()) {
      numbers.add(story.number());
      profiles.add(story.author());
    }
    return Reply.json(200, json);
  }

  private static Reply numbers(List<Long> numbers) {
    ArrayNode json = JsonMapper.shared().createArrayNode();
    numbers.forEach(json::add);
    return Reply.json(200, json);
  }

  private static Reply json(String literal) {
    return Reply.text(200, "application/json; charset=utf-8", literal);
  }
}
