package io.pulsegrid.sim.linkedin;

import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.judge.LimitRule;
import io.pulsegrid.sim.judge.Limits;
import io.pulsegrid.sim.judge.Standing;
import io.pulsegrid.sim.posts.Accounts;
import io.pulsegrid.sim.posts.PostingPlatform;
import io.pulsegrid.sim.posts.Posts;
import io.pulsegrid.sim.posts.Posts.Posting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * LinkedIn's Posts API as far as texts and links need it. It refuses the same commentary twice
 * within ten minutes, and a commentary that breaks its little text format.
 */
public final class Linkedin extends PostingPlatform {
  private static final String NAME = "linkedin";
  private static final Limits.Action PUBLISH = new Limits.Action(NAME, "publish");

  /** 150 posts a day and account, as Ayrshare tells; LinkedIn publishes none. */
  public static final Map<Limits.Action, List<LimitRule>> LIMITS =
      Map.of(PUBLISH, List.of(new LimitRule(150, Duration.ofDays(1))));

  /** The one that clients of the stand-in have. */
  private static final String CLIENT_SECRET = "secret";

  private static final Duration TOKEN_LIFE = Duration.ofDays(60);
  private static final Duration REFRESH_LIFE = Duration.ofDays(365);
  private static final int MOST_CHARACTERS = 3_000;
  private static final int PAGE = 10;
  private static final Duration DUPLICATE = Duration.ofMinutes(10);
  private static final Pattern UNESCAPED = Pattern.compile("(?<!\\\\)[|{}@\\[\\]()<>#*_~]");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");
  private static final Pattern URNS =
      Pattern.compile("List\\((urn:li:[\\w:-]+(?:,urn:li:[\\w:-]+)*)\\)");

  public Linkedin(Books books) {
    super(PUBLISH, books);
  }

  @Override
  public Set<String> operations() {
    return Set.of("publish", "posts", "engagement", "token", "unknown");
  }

  @Override
  public String operation(Request request) {
    return switch (request.method() + " " + request.path()) {
      case "POST /rest/posts" -> "publish";
      case "GET /rest/posts" -> "posts";
      case "GET /rest/socialActions" -> "engagement";
      case "POST /oauth/v2/accessToken" -> "token";
      default -> "unknown";
    };
  }

  @Override
  public String account(Request request) {
    return request.bearer().flatMap(token -> sessions().account(token, now())).orElse("");
  }

  @Override
  public Reply answer(Request request) {
    if (operation(request).equals("token")) {
      return token(request, now());
    }
    if (account(request).isEmpty()) {
      return failure(401, "Invalid access token");
    }
    if (request.header("LinkedIn-Version").filter(it -> it.matches("20\\d{4}")).isEmpty()) {
      return coded(400, "VERSION_MISSING", "A version must be present.");
    }
    return switch (operation(request)) {
      case "publish" -> publish(request, now());
      case "posts" -> listed(request);
      case "engagement" -> engagement(request, now());
      default -> coded(404, "RESOURCE_NOT_FOUND", "No virtual resource found");
    };
  }

  @Override
  public Reply.Whole throttled(Instant reset) {
    ObjectNode json =
        JsonMapper.shared()
            .createObjectNode()
            .put("serviceErrorCode", 101)
            .put("message", "Resource level throttle limit for calls to this resource is reached.")
            .put("status", 429);
    return Reply.json(429, json);
  }

  @Override
  public Reply.Whole failure(int status, String message) {
    return status == 401
        ? coded(401, "EXPIRED_ACCESS_TOKEN", message)
        : Reply.json(
            status,
            JsonMapper.shared().createObjectNode().put("message", message).put("status", status));
  }

  /** A new token for a refresh token, which stays good: programmatic refresh tokens. */
  private Reply.Whole token(Request request, Instant now) {
    Map<String, List<String>> form = request.form();
    String refresh = first(form, "refresh_token");
    if (first(form, "client_id").isEmpty() || !CLIENT_SECRET.equals(first(form, "client_secret"))) {
      return refused(401, "invalid_client", "Client authentication failed");
    }
    Optional<String> account = Accounts.of(refresh);
    if (!first(form, "grant_type").equals("refresh_token") || account.isEmpty()) {
      return refused(
          400, "invalid_grant", "The provided refresh token is invalid, expired or revoked.");
    }
    return Reply.json(
        200,
        JsonMapper.shared()
            .createObjectNode()
            .put("access_token", sessions().open(account.get(), now, TOKEN_LIFE))
            .put("expires_in", TOKEN_LIFE.toSeconds())
            .put("refresh_token", refresh)
            .put("refresh_token_expires_in", REFRESH_LIFE.toSeconds()));
  }

  private static Reply.Whole refused(int status, String error, String description) {
    return Reply.json(
        status,
        JsonMapper.shared()
            .createObjectNode()
            .put("error", error)
            .put("error_description", description));
  }

  private static String first(Map<String, List<String>> form, String name) {
    return form.getOrDefault(name, List.of("")).getFirst();
  }

  private Reply.Whole publish(Request request, Instant now) {
    JsonNode json = request.json();
    String commentary = json.path("commentary").asString("");
    for (String field : List.of("author", "visibility", "distribution", "lifecycleState")) {
      if (json.path(field).isMissingNode()) {
        return coded(
            422, "MISSING_FIELD", "ERROR :: /" + field + " :: field is required but not found");
      }
    }
    if (commentary.length() > MOST_CHARACTERS * 2
        || ESCAPED.matcher(commentary).replaceAll("$1").length() > MOST_CHARACTERS) {
      return coded(422, "FIELD_LENGTH_TOO_LONG", "ERROR :: /commentary :: length exceeds 3000");
    }
    if (UNESCAPED.matcher(commentary).find()) {
      return coded(422, "INVALID_CHARACTER", "ERROR :: /commentary :: is not little text");
    }
    Posts.Wish wish =
        new Posts.Wish(
            account(request),
            ESCAPED.matcher(commentary).replaceAll("$1"),
            null,
            Map.of("commentary", commentary));
    String id = "urn:li:share:" + (7_000_000_000_000_000_000L + posts().nextNumber());
    return switch (posts()
        .post(
            wish,
            id,
            now,
            post ->
                post.wish().fields().equals(wish.fields())
                    && post.at().plus(DUPLICATE).isAfter(now))) {
      case Posting.Done(Posts.Post _, Standing _) -> Reply.empty(201).with("x-restli-id", id);
      case Posting.Already(Posts.Post post) ->
          coded(422, "DUPLICATE_POST", "Content is a duplicate of " + post.id());
      case Posting.TooMany(Standing standing) -> throttled(standing.reset());
    };
  }

  private Reply.Whole listed(Request request) {
    int start = request.query("start").map(Integer::parseInt).orElse(0);
    int count = request.query("count").map(Integer::parseInt).orElse(PAGE);
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.putObject("paging").put("start", start).put("count", count);
    ArrayNode elements = json.putArray("elements");
    posts().of(account(request)).stream()
        .skip(start)
        .limit(count)
        .forEach(
            post ->
                elements
                    .addObject()
                    .put("id", post.id())
                    .put("author", request.query("author").orElse(""))
                    .put("commentary", post.wish().field("commentary"))
                    .put("createdAt", post.at().toEpochMilli())
                    .put("lifecycleState", "PUBLISHED"));
    return Reply.json(200, json);
  }

  /** The summaries of social actions on several posts; Rest.li tells of each by its URN. */
  private Reply.Whole engagement(Request request, Instant now) {
    Matcher ids = URNS.matcher(request.query("ids").orElse(""));
    if (!ids.matches()
        || request.header("X-Restli-Protocol-Version").filter("2.0.0"::equals).isEmpty()) {
      return coded(400, "ILLEGAL_ARGUMENT", "Array parameter 'ids' value is malformed");
    }
    ObjectNode json = JsonMapper.shared().createObjectNode();
    ObjectNode statuses = json.putObject("statuses");
    ObjectNode results = json.putObject("results");
    ObjectNode errors = json.putObject("errors");
    for (String urn : ids.group(1).split(",", -1)) {
      Optional<Posts.Post> post = posts().find(account(request), urn);
      statuses.put(urn, post.isPresent() ? 200 : 404);
      post.ifPresentOrElse(
          it -> summarize(results.putObject(urn), it, now),
          () -> errors.putObject(urn).put("status", 404).put("message", "Not found"));
    }
    return Reply.json(200, json);
  }

  private static void summarize(ObjectNode actions, Posts.Post post, Instant now) {
    actions.put("target", post.id());
    actions
        .putObject("likesSummary")
        .put("likedByCurrentUser", false)
        .put("aggregatedTotalLikes", post.likes(now))
        .put("totalLikes", post.likes(now));
    actions
        .putObject("commentsSummary")
        .put("totalFirstLevelComments", post.comments(now) / 2)
        .put("aggregatedTotalComments", post.comments(now));
  }

  private static Reply.Whole coded(int status, String code, String message) {
    return Reply.json(
        status,
        JsonMapper.shared()
            .createObjectNode()
            .put("status", status)
            .put("code", code)
            .put("message", message));
  }
}
