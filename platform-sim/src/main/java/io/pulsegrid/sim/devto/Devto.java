package io.pulsegrid.sim.devto;

import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.http.Unchanged;
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
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The Forem API as far as writing and reading articles need it. One author has no two of the same
 * title and body.
 */
public final class Devto extends PostingPlatform {
  private static final String NAME = "devto";
  private static final Limits.Action PUBLISH = new Limits.Action(NAME, "publish");
  private static final Limits.Action READ = new Limits.Action(NAME, "read");
  private static final Pattern ARTICLES = Pattern.compile("/api/articles(?:/(latest|\\d{1,18}))?");

  /** One write a second, nine articles in half a minute: rack_attack.rb, rate_limit_checker.rb. */
  public static final Map<Limits.Action, List<LimitRule>> LIMITS =
      Map.of(
          PUBLISH,
          List.of(
              new LimitRule(1, Duration.ofSeconds(1)), new LimitRule(9, Duration.ofSeconds(30))),
          // three reads a second and address, whoever asks
          READ,
          List.of(new LimitRule(3, Duration.ofSeconds(1))));

  private static final int MOST_TITLE = 128;
  private static final int PAGE = 30;

  private final Limits limits;
  private final World world;

  public Devto(Books books, World world) {
    super(PUBLISH, books);
    this.limits = books.limits();
    this.world = world;
  }

  @Override
  public Set<String> operations() {
    return Set.of("publish", "mine", "me", "articles", "unknown");
  }

  @Override
  public String operation(Request request) {
    return switch (request.method() + " " + request.path()) {
      case "POST /api/articles" -> "publish";
      case "GET /api/users/me" -> "me";
      case "GET /api/articles/me/published", "GET /api/articles/me/all" -> "mine";
      default ->
          request.method().equals("GET") && ARTICLES.matcher(request.path()).matches()
              ? "articles"
              : "unknown";
    };
  }

  @Override
  public String account(Request request) {
    return request.header("api-key").flatMap(Accounts::of).orElse("");
  }

  @Override
  public Reply answer(Request request) {
    boolean open = operation(request).equals("articles") && request.header("api-key").isEmpty();
    if (account(request).isEmpty() && !open) {
      return failure(401, "unauthorized");
    }
    return switch (operation(request)) {
      case "publish" -> publish(request, now());
      case "mine" -> mine(request);
      case "me" -> me(account(request));
      case "articles" -> articles(request, now());
      default -> failure(404, "not found");
    };
  }

  @Override
  public Reply.Whole throttled(Instant reset) {
    return failure(429, "Rate limit reached, try again later")
        .with("Retry-After", secondsUntil(reset));
  }

  @Override
  public Reply.Whole failure(int status, String message) {
    return Reply.json(
        status, JsonMapper.shared().createObjectNode().put("error", message).put("status", status));
  }

  private Reply.Whole publish(Request request, Instant now) {
    JsonNode article = request.json().path("article");
    String title = article.path("title").asString("");
    String body = article.path("body_markdown").asString("");
    Optional<String> objection = objection(title, body);
    if (objection.isPresent()) {
      return failure(422, "Validation failed: " + objection.get());
    }
    Posts.Wish wish =
        new Posts.Wish(
            account(request), title + "\n" + body, null, Map.of("title", title, "body", body));
    String id = String.valueOf(posts().nextNumber());
    return switch (posts()
        .post(wish, id, now, post -> post.wish().fields().equals(wish.fields()))) {
      case Posting.Done(Posts.Post post, Standing _) -> Reply.json(201, shown(post));
      case Posting.Already _ ->
          failure(422, "Validation failed: Body markdown has already been taken");
      case Posting.TooMany(Standing standing) -> throttled(standing.reset());
    };
  }

  private Reply.Whole articles(Request request, Instant now) {
    Standing standing = limits.take(READ, "", now);
    if (!standing.granted()) {
      return throttled(standing.reset());
    }
    Articles articles = new Articles(new Shelf(world, Place.DEVTO, now));
    Matcher path = ARTICLES.matcher(request.path());
    @Nullable String which = path.matches() ? path.group(1) : null;
    if (which == null || which.equals("latest")) {
      return Unchanged.orWhole(request, articles.list(request));
    }
    return articles
        .find(Long.parseLong(which))
        .or(() -> posts().find(account(request), which).map(Devto::shown))
        .map(article -> Reply.json(200, article))
        .orElseGet(() -> failure(404, "not found"));
  }

  private static Reply.Whole me(String account) {
    return Reply.json(
        200,
        JsonMapper.shared()
            .createObjectNode()
            .put("type_of", "user")
            .put("id", Integer.toUnsignedLong(account.hashCode()))
            .put("username", account));
  }

  private static Optional<String> objection(String title, String body) {
    if (title.isBlank()) {
      return Optional.of("Title can't be blank");
    }
    if (title.length() > MOST_TITLE) {
      return Optional.of("Title is too long (maximum is 128 characters)");
    }
    return body.isBlank() ? Optional.of("Body markdown can't be blank") : Optional.empty();
  }

  private Reply.Whole mine(Request request) {
    int page = request.query("page").map(Integer::parseInt).orElse(1);
    int size = request.query("per_page").map(Integer::parseInt).orElse(PAGE);
    ArrayNode json = JsonMapper.shared().createArrayNode();
    posts().of(account(request)).stream()
        .skip((page - 1L) * size)
        .limit(size)
        .forEach(post -> json.add(shown(post)));
    return Reply.json(200, json);
  }

  private static ObjectNode shown(Posts.Post post) {
    String slug = "article-" + post.id();
    return JsonMapper.shared()
        .createObjectNode()
        .put("type_of", "article")
        .put("id", Long.parseLong(post.id()))
        .put("title", post.wish().field("title"))
        .put("slug", slug)
        .put("url", "https://dev.example/" + post.wish().account() + "/" + slug)
        .put("body_markdown", post.wish().field("body"))
        .put("published", true)
        .put("public_reactions_count", 3)
        .put("comments_count", 1)
        .put("published_at", post.at().truncatedTo(ChronoUnit.SECONDS).toString());
  }
}
