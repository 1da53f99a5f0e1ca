package io.pulsegrid.sim.reddit;

import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.judge.LimitRule;
import io.pulsegrid.sim.judge.Limits;
import io.pulsegrid.sim.judge.Standing;
import io.pulsegrid.sim.posts.Accounts;
import io.pulsegrid.sim.posts.PostingPlatform;
import io.pulsegrid.sim.posts.Posts;
import io.pulsegrid.sim.posts.Posts.Posting;
import io.pulsegrid.sim.world.Place;
import io.pulsegrid.sim.world.Shelf;
import io.pulsegrid.sim.world.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reddit's API as far as submissions and listings need it: refusals come with 200 and {@code
 * json.errors}, a posting too many with the error {@code RATELIMIT}.
 */
public final class Reddit extends PostingPlatform {
  private static final String NAME = "reddit";
  private static final Limits.Action PUBLISH = new Limits.Action(NAME, "publish");
  private static final Limits.Action READ = new Limits.Action(NAME, "read");
  private static final Duration WINDOW = Duration.ofMinutes(10);

  /** 100 calls a minute of a client, over ten minutes: prawcore WINDOW_SIZE. */
  public static final Map<Limits.Action, List<LimitRule>> LIMITS =
      Map.of(
          PUBLISH, List.of(new LimitRule(600, WINDOW, true)),
          READ, List.of(new LimitRule(1_000, WINDOW)));

  private static final Duration TOKEN_LIFE = Duration.ofHours(24);
  private static final int MOST_TITLE = 300;
  private static final int MOST_TEXT = 40_000;
  private static final int PAGE = 25;

  private final Limits limits;
  private final World world;

  public Reddit(Books books, World world) {
    super(PUBLISH, books);
    this.limits = books.limits();
    this.world = world;
  }

  @Override
  public Set<String> operations() {
    return Set.of("publish", "token", "me", "submitted", "listing", "info", "unknown");
  }

  @Override
  public String operation(Request request) {
    String path = request.path();
    return switch (request.method() + " " + path) {
      case "POST /api/submit" -> "publish";
      case "POST /api/v1/access_token" -> "token";
      case "GET /api/v1/me" -> "me";
      case "GET /api/info" -> "info";
      default -> read(path);
    };
  }

  private static String read(String path) {
    if (path.startsWith("/user/") && path.endsWith("/submitted")) {
      return "submitted";
    }
    return Listings.PATH.matcher(path).matches() ? "listing" : "unknown";
  }

  @Override
  public String account(Request request) {
    return request.bearer().flatMap(token -> sessions().account(token, now())).orElse("");
  }

  @Override
  public Reply answer(Request request) {
    Instant now = now();
    String operation = operation(request);
    if (operation.equals("token")) {
      return token(request, now);
    }
    if (account(request).isEmpty()) {
      return failure(401, "Unauthorized");
    }
    return switch (operation) {
      case "publish" -> submit(request, now);
      case "me" ->
          Reply.json(200, JsonMapper.shared().createObjectNode().put("name", account(request)))
              .with(headers(standing(account(request)), now));
      case "submitted" -> submitted(request);
      case "listing", "info" -> listed(request, now);
      default -> failure(404, "Not Found");
    };
  }

  @Override
  public Reply.Whole throttled(Instant reset) {
    return failure(429, "Too Many Requests")
        .with(headers(new Standing(false, 600, 0, reset, WINDOW), now()));
  }

  @Override
  public Reply.Whole failure(int status, String message) {
    return Reply.json(
        status,
        JsonMapper.shared().createObjectNode().put("message", message).put("error", status));
  }

  private Reply.Whole token(Request request, Instant now) {
    Map<String, List<String>> form = request.form();
    Optional<String> secret = request.header("Authorization").flatMap(Reddit::secret);
    if (secret.isEmpty() || secret.get().equals("bad")) {
      return failure(401, "Unauthorized");
    }
    // An app that reads in its own name is account name by its secret t-<name>.
    Optional<String> account =
        switch (first(form, "grant_type")) {
          case "refresh_token" -> Accounts.of(first(form, "refresh_token"));
          case "client_credentials" -> Accounts.of(secret.get());
          default -> Optional.empty();
        };
    if (account.isEmpty()) {
      return Reply.json(400, JsonMapper.shared().createObjectNode().put("error", "invalid_grant"));
    }
    return Reply.json(
        200,
        JsonMapper.shared()
            .createObjectNode()
            .put("access_token", sessions().open(account.get(), now, TOKEN_LIFE))
            .put("token_type", "bearer")
            .put("expires_in", TOKEN_LIFE.toSeconds())
            .put("scope", "identity submit history read"));
  }

  private static Optional<String> secret(String authorization) {
    if (!authorization.startsWith("Basic ")) {
      return Optional.empty();
    }
    try {
      String pair =
          new String(
              Base64.getDecoder().decode(authorization.substring("Basic ".length()).strip()),
              StandardCharsets.UTF_8);
      return Optional.of(pair.substring(pair.indexOf(':') + 1));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private Reply.Whole listed(Request request, Instant now) {
    String account = account(request);
    Standing standing = limits.take(READ, account, now);
    if (!standing.granted()) {
      return failure(429, "Too Many Requests").with(headers(standing, now));
    }
    Listings listings = new Listings(new Shelf(world, Place.REDDIT, now));
    Reply.Whole reply =
        operation(request).equals("info")
            ? listings.info(request, posts().of(account).stream().map(Reddit::shown).toList())
            : listings.listing(request);
    return reply.with(headers(standing, now));
  }

  private Reply.Whole submit(Request request, Instant now) {
    Map<String, String> fields =
        request.form().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, field -> field.getValue().getFirst()));
    String title = fields.getOrDefault("title", "");
    String text = fields.getOrDefault(fields.containsKey("url") ? "url" : "text", "");
    if (title.isBlank()) {
      return refused("NO_TEXT", "we need something here", "title");
    }
    if (title.length() > MOST_TITLE || text.length() > MOST_TEXT) {
      return refused("TOO_LONG", "this is too long (max: 40000)", "text");
    }
    if (fields.getOrDefault("sr", "").isBlank()) {
      return refused("SUBREDDIT_NOEXIST", "that subreddit doesn't exist", "sr");
    }
    Posts.Wish wish = new Posts.Wish(account(request), title + "\n" + text, null, fields);
    String id = "t3_" + Long.toString(posts().nextNumber(), 36);
    return switch (posts().post(wish, id, now, _ -> false)) {
      case Posting.Done(Posts.Post post, Standing standing) -> {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        ObjectNode inner = json.putObject("json");
        inner.putArray("errors");
        inner
            .putObject("data")
            .put("url", "https://www.reddit.com" + permalink(post))
            .put("id", id.substring(3))
            .put("name", id);
        yield Reply.json(200, json).with(headers(standing, now));
      }
      case Posting.Already _ -> throw new IllegalStateException("nothing is like another here");
      case Posting.TooMany(Standing standing) -> {
        long minutes = Math.max(1, Duration.between(now, standing.reset()).toMinutes());
        yield refused(
            "RATELIMIT",
            "Looks like you've been doing that a lot. Take a break for %d minutes before trying again."
                .formatted(minutes),
            "ratelimit");
      }
    };
  }

  /** Without headers, as from a cache. */
  private Reply.Whole submitted(Request request) {
    String path = request.path();
    String name = path.substring("/user/".length(), path.length() - "/submitted".length());
    int size = request.query("limit").map(Integer::parseInt).orElse(PAGE);
    String after = request.query("after").orElse("");
    List<Posts.Post> page =
        posts().of(name).stream()
            .dropWhile(post -> !after.isEmpty() && !post.id().equals(after))
            .skip(after.isEmpty() ? 0 : 1)
            .limit(size)
            .toList();
    ObjectNode json = JsonMapper.shared().createObjectNode().put("kind", "Listing");
    ObjectNode data = json.putObject("data");
    data.put("after", page.size() < size ? null : page.getLast().id());
    data.putNull("before").put("dist", page.size());
    ArrayNode children = data.putArray("children");
    page.forEach(post -> children.addObject().put("kind", "t3").set("data", shown(post)));
    return Reply.json(200, json);
  }

  private static ObjectNode shown(Posts.Post post) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("id", post.id().substring(3)).put("name", post.id());
    boolean self = post.wish().field("url").isEmpty();
    json.put("title", post.wish().field("title")).put("selftext", post.wish().field("text"));
    json.put("is_self", self);
    json.put("url", self ? "https://www.reddit.com" + permalink(post) : post.wish().field("url"));
    json.put("author", post.wish().account()).put("subreddit", post.wish().field("sr"));
    json.put("permalink", permalink(post)).put("score", 1).put("num_comments", 0);
    return json.put("created_utc", (double) post.at().getEpochSecond());
  }

  private static Reply.Whole refused(String code, String words, String field) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.putObject("json").putArray("errors").addArray().add(code).add(words).add(field);
    return Reply.json(200, json);
  }

  private static String permalink(Posts.Post post) {
    return "/r/" + post.wish().field("sr") + "/comments/" + post.id().substring(3) + "/";
  }

  private static String first(Map<String, List<String>> form, String name) {
    return form.getOrDefault(name, List.of("")).getFirst();
  }

  private static Map<String, String> headers(Standing standing, Instant now) {
    long seconds = Math.max(0, Duration.between(now, standing.reset()).plusMillis(999).toSeconds());
    return Map.of(
        "x-ratelimit-remaining", standing.remaining() + ".0",
        "x-ratelimit-used", String.valueOf(standing.limit() - standing.remaining()),
        "x-ratelimit-reset", String.valueOf(seconds));
  }
}
