package io.pulsegrid.sim.bluesky;

import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.judge.LimitRule;
import io.pulsegrid.sim.judge.Limits;
import io.pulsegrid.sim.judge.Standing;
import io.pulsegrid.sim.posts.Accounts;
import io.pulsegrid.sim.posts.PostingPlatform;
import io.pulsegrid.sim.posts.Posts;
import io.pulsegrid.sim.posts.Posts.Posting;
import io.pulsegrid.sim.posts.Sessions;
import io.pulsegrid.sim.world.Place;
import io.pulsegrid.sim.world.Shelf;
import io.pulsegrid.sim.world.World;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The AT Protocol as far as posts need it. A record under a key that is taken is answered 500, as
 * the real server does (atproto 3718). A password is read as a token: {@code t-<name>} opens
 * account name.
 */
public final class Bluesky extends PostingPlatform {
  private static final String NAME = "bluesky";
  private static final Limits.Action PUBLISH = new Limits.Action(NAME, "publish");
  private static final Limits.Action READ = new Limits.Action(NAME, "read");
  private static final int POINTS = 3;

  /** 5,000 points an hour and 35,000 a day, a record takes three: bsky-docs rate-limits.md. */
  public static final Map<Limits.Action, List<LimitRule>> LIMITS =
      Map.of(
          PUBLISH,
          List.of(
              new LimitRule(5_000 / POINTS, Duration.ofHours(1)),
              new LimitRule(35_000 / POINTS, Duration.ofDays(1))),
          // 3,000 requests in five minutes and address, whoever asks
          READ,
          List.of(new LimitRule(3_000, Duration.ofMinutes(5))));

  private static final Duration ACCESS = Duration.ofHours(2);
  private static final Duration REFRESH = Duration.ofDays(60);
  private static final String FEEDS = "/xrpc/app.bsky.feed.";
  private static final String XRPC = "/xrpc/com.atproto.";
  private static final String COLLECTION = "app.bsky.feed.post";
  private static final int MOST_CHARACTERS = 300;
  private static final Pattern CHARACTER = Pattern.compile("\\X");
  private static final Pattern KEY = Pattern.compile("[234567a-j][234567a-z]{12}");

  private final Sessions refreshes = new Sessions();
  private final Map<String, String> accountsByDid = new ConcurrentHashMap<>();

  private final Limits limits;
  private final World world;

  public Bluesky(Books books, World world) {
    super(PUBLISH, books);
    this.limits = books.limits();
    this.world = world;
  }

  @Override
  public Set<String> operations() {
    return Set.of("publish", "session", "refresh", "record", "read", "unknown");
  }

  @Override
  public String operation(Request request) {
    return switch (request.method() + " " + request.path()) {
      case "POST " + XRPC + "server.createSession" -> "session";
      case "POST " + XRPC + "server.refreshSession" -> "refresh";
      case "POST " + XRPC + "repo.createRecord" -> "publish";
      case "GET " + XRPC + "repo.getRecord" -> "record";
      default -> request.path().startsWith(FEEDS) ? "read" : "unknown";
    };
  }

  @Override
  public String account(Request request) {
    return request.bearer().flatMap(token -> sessions().account(token, now())).orElse("");
  }

  @Override
  public Reply answer(Request request) {
    Instant now = now();
    return switch (operation(request)) {
      case "session" ->
          Accounts.of(request.json().path("password").asString(""))
              .map(account -> session(account, now))
              .orElseGet(
                  () -> error(401, "AuthenticationRequired", "Invalid identifier or password"));
      case "refresh" ->
          request
              .bearer()
              .filter(token -> !refreshes.isOver(token, now))
              .flatMap(token -> refreshes.account(token, now))
              .map(account -> session(account, now))
              .orElseGet(() -> error(400, "ExpiredToken", "Token has been revoked"));
      case "publish" -> publish(request, now);
      case "record" -> record(request);
      case "read" -> read(request, now);
      default -> error(501, "MethodNotImplemented", "Method Not Implemented");
    };
  }

  @Override
  public Reply.Whole throttled(Instant reset) {
    return tooMany().with(headers(new Standing(false, 1_666, 0, reset, Duration.ofHours(1))));
  }

  @Override
  public Reply.Whole failure(int status, String message) {
    return switch (status) {
      case 401 -> error(400, "ExpiredToken", "Token has expired");
      case 500 -> error(500, "InternalServerError", "Internal Server Error");
      default -> error(status, "InvalidRequest", message);
    };
  }

  private Reply.Whole session(String account, Instant now) {
    String did = did(account);
    accountsByDid.put(did, account);
    return Reply.json(
        200,
        JsonMapper.shared()
            .createObjectNode()
            .put("did", did)
            .put("handle", account + ".bsky.example")
            .put("accessJwt", sessions().open(account, now, ACCESS))
            .put("refreshJwt", refreshes.open(account, now, REFRESH))
            .put("active", true));
  }

  private Reply.Whole publish(Request request, Instant now) {
    String token = request.bearer().orElse("");
    Optional<String> account = sessions().account(token, now);
    if (account.isEmpty()) {
      return sessions().isOver(token, now)
          ? error(400, "ExpiredToken", "Token has expired")
          : error(400, "InvalidToken", "Token could not be verified");
    }
    JsonNode json = request.json();
    String text = json.at("/record/text").asString("");
    if (CHARACTER.matcher(text).results().count() > MOST_CHARACTERS) {
      return failure(
          400,
          "Invalid app.bsky.feed.post record: Record/text must not be longer than 300 graphemes");
    }
    String number = String.format("%013d", posts().nextNumber()).replaceAll("[0189]", "a");
    String key = json.path("rkey").asString(number);
    if (!KEY.matcher(key).matches()
        || !json.path("collection").asString("").equals(COLLECTION)
        || !json.path("repo").asString("").equals(did(account.get()))) {
      return failure(400, "Input/rkey, collection or repo is wrong");
    }
    String uri = uri(account.get(), key);
    Posts.Wish wish = new Posts.Wish(account.get(), text, key, Map.of());
    return switch (posts().post(wish, uri, now, post -> post.id().equals(uri))) {
      case Posting.Done(Posts.Post post, Standing standing) ->
          Reply.json(200, created(post)).with(headers(standing));
      case Posting.Already _ -> failure(500, "");
      case Posting.TooMany(Standing standing) -> tooMany().with(headers(standing));
    };
  }

  private Reply.Whole read(Request request, Instant now) {
    Optional<String> token = request.bearer();
    if (token.filter(it -> sessions().account(it, now).isEmpty()).isPresent()) {
      return error(400, "ExpiredToken", "Token has expired");
    }
    Standing standing = limits.take(READ, "", now);
    if (!standing.granted()) {
      return tooMany().with(headers(standing));
    }
    Feeds feeds = new Feeds(new Shelf(world, Place.BLUESKY, now), this::posted);
    return feeds.answer(request).with(headers(standing));
  }

  /** What a client posted under an address. */
  private Optional<Posts.Post> posted(String uri) {
    return accountsByDid.values().stream()
        .flatMap(account -> posts().of(account).stream())
        .filter(post -> post.id().equals(uri))
        .findFirst();
  }

  private Reply.Whole record(Request request) {
    String did = request.query("repo").orElse("");
    String account = accountsByDid.getOrDefault(did, "");
    String uri = uri(account, request.query("rkey").orElse(""));
    return posts().of(account).stream()
        .filter(post -> post.id().equals(uri))
        .findFirst()
        .map(
            post -> {
              ObjectNode json = created(post);
              json.putObject("value")
                  .put("$type", COLLECTION)
                  .put("text", post.wish().text())
                  .put("createdAt", post.at().toString());
              return Reply.json(200, json);
            })
        .orElseGet(() -> error(400, "RecordNotFound", "Could not locate record: " + uri));
  }

  private static ObjectNode created(Posts.Post post) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("uri", post.id())
        .put("cid", "bafyrei" + hash(post.id()).toString(36));
  }

  static String uri(String account, String key) {
    return "at://" + did(account) + "/" + COLLECTION + "/" + key;
  }

  static String did(String account) {
    return "did:plc:" + hash(account).toString(32);
  }

  static BigInteger hash(String text) {
    return new BigInteger(1, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Reply.Whole tooMany() {
    return error(429, "RateLimitExceeded", "Rate Limit Exceeded");
  }

  /** In points, where the window is one that the real server counts points in. */
  private static Map<String, String> headers(Standing standing) {
    boolean points = Set.of(3_600L, 86_400L).contains(standing.window().toSeconds());
    long cost = points ? POINTS : 1;
    long limit = standing.limit() * cost;
    return Map.of(
        "RateLimit-Limit", String.valueOf(limit),
        "RateLimit-Remaining", String.valueOf(standing.remaining() * cost),
        "RateLimit-Reset", String.valueOf(standing.reset().getEpochSecond() + 1),
        "RateLimit-Policy", limit + ";w=" + standing.window().toSeconds());
  }

  static Reply.Whole error(int status, String error, String message) {
    return Reply.json(
        status, JsonMapper.shared().createObjectNode().put("error", error).put("message", message));
  }
}
