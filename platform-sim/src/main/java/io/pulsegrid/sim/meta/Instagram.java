package io.pulsegrid.sim.meta;

import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.judge.LimitRule;
import io.pulsegrid.sim.judge.Limits;
import io.pulsegrid.sim.judge.Standing;
import io.pulsegrid.sim.posts.PostingPlatform;
import io.pulsegrid.sim.posts.Posts;
import io.pulsegrid.sim.posts.Posts.Posting;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Publishing on Instagram in three steps. A container has its image when it was asked about once,
 * and never when the image's address contains {@code broken}.
 */
public final class Instagram extends PostingPlatform {
  private static final String NAME = "instagram";
  private static final Limits.Action PUBLISH = new Limits.Action(NAME, "publish");

  /** 50 posts a day: the content_publishing_limit of v19 and v21. */
  public static final Map<Limits.Action, List<LimitRule>> LIMITS =
      Map.of(PUBLISH, List.of(new LimitRule(50, Duration.ofDays(1))));

  private static final int MOST_CAPTION = 2_200;
  private static final int QUOTA = 9;

  private final Map<String, Container> containers = new ConcurrentHashMap<>();

  /** An image with its caption, on the way. */
  private record Container(String account, String image, String caption, AtomicInteger asked) {
    boolean isReady() {
      return asked.get() > 1 && !isBroken();
    }

    boolean isBroken() {
      return image.contains("broken");
    }
  }

  public Instagram(Books books) {
    super(PUBLISH, books);
  }

  @Override
  public Set<String> operations() {
    return Set.of(
        "publish", "container", "status", "quota", "media", "engagement", "token", "unknown");
  }

  @Override
  public String operation(Request request) {
    String path = request.path();
    boolean post = request.method().equals("POST");
    if (path.endsWith("/media_publish")) {
      return post ? "publish" : "unknown";
    }
    if (path.endsWith("/media")) {
      return post ? "container" : "media";
    }
    if (Graph.exchanges(request)) {
      return "token";
    }
    if (path.endsWith("/content_publishing_limit")) {
      return "quota";
    }
    if (path.lastIndexOf('/') != 0 || post) {
      return "unknown";
    }
    return Graph.wants(request, "like_count") ? "engagement" : "status";
  }

  @Override
  public String account(Request request) {
    return Graph.account(request, sessions(), now());
  }

  @Override
  public Reply answer(Request request) {
    if (Graph.exchanges(request)) {
      return Graph.exchanged(request, sessions(), now());
    }
    String account = account(request);
    if (account.isEmpty()) {
      return failure(401, "The session is invalid");
    }
    Instant now = now();
    return switch (operation(request)) {
      case "publish" -> publish(request, account, now);
      case "container" -> container(request, account);
      case "status" -> status(request);
      case "quota" -> quota(standing(account));
      case "engagement" ->
          posts()
              .find(account, request.path().substring(1))
              .map(post -> engagement(post, now))
              .orElseGet(() -> Graph.noSuch(request.path().substring(1)));
      case "media" -> Graph.listing(request, posts().of(account), Instagram::shown);
      default -> Graph.error(404, Graph.PARAMETER, 33, "Unsupported request");
    };
  }

  @Override
  public Reply.Whole throttled(Instant reset) {
    return Graph.throttled("user", "instagram", now(), reset);
  }

  @Override
  public Reply.Whole failure(int status, String message) {
    return Graph.failure(status, message);
  }

  private Reply.Whole container(Request request, String account) {
    String image = first(request, "image_url");
    String caption = first(request, "caption");
    if (!image.startsWith("http") || caption.length() > MOST_CAPTION) {
      return Graph.error(400, Graph.PARAMETER, 2_207_010, "The parameter is invalid");
    }
    String id = String.valueOf(17_000_000_000L + posts().nextNumber());
    containers.put(id, new Container(account, image, caption, new AtomicInteger()));
    return Reply.json(200, JsonMapper.shared().createObjectNode().put("id", id));
  }

  private Reply.Whole status(Request request) {
    String id = request.path().substring(1);
    Container container = containers.get(id);
    if (container == null) {
      return Graph.error(400, Graph.PARAMETER, 33, "Object with ID '" + id + "' does not exist");
    }
    container.asked().incrementAndGet();
    ObjectNode json = JsonMapper.shared().createObjectNode().put("id", id);
    if (container.isBroken()) {
      return Reply.json(
          200,
          json.put("status_code", "ERROR")
              .put("status", "Error: Media download has failed. (2207052)"));
    }
    return Reply.json(
        200, json.put("status_code", container.isReady() ? "FINISHED" : "IN_PROGRESS"));
  }

  private Reply.Whole publish(Request request, String account, Instant now) {
    String id = first(request, "creation_id");
    Optional<Container> container =
        Optional.ofNullable(containers.get(id)).filter(it -> it.account().equals(account));
    if (container.isEmpty()) {
      return Graph.error(400, Graph.PARAMETER, 2_207_006, "The requested media is not found");
    }
    if (!container.get().isReady()) {
      return Graph.error(400, 9_007, 2_207_027, "Media ID is not available");
    }
    Posts.Wish wish = new Posts.Wish(account, container.get().caption(), id, Map.of("image", id));
    String number = String.valueOf(18_000_000_000L + posts().nextNumber());
    return switch (posts().post(wish, number, now, post -> id.equals(post.wish().key()))) {
      case Posting.Done(Posts.Post post, Standing standing) ->
          Reply.json(200, JsonMapper.shared().createObjectNode().put("id", post.id()))
              .with("X-Business-Use-Case-Usage", Graph.usage(account, "instagram", standing, now));
      case Posting.Already _ ->
          Graph.error(400, QUOTA, 2_207_032, "The media was published already");
      case Posting.TooMany _ ->
          Graph.error(403, QUOTA, 2_207_042, "Application request limit reached");
    };
  }

  private static Reply.Whole quota(Standing standing) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    ObjectNode entry = json.putArray("data").addObject();
    entry.put("quota_usage", standing.limit() - standing.remaining());
    entry
        .putObject("config")
        .put("quota_total", standing.limit())
        .put("quota_duration", standing.window().toSeconds());
    return Reply.json(200, json);
  }

  private static Reply.Whole engagement(Posts.Post post, Instant now) {
    return Reply.json(
        200,
        JsonMapper.shared()
            .createObjectNode()
            .put("like_count", post.likes(now))
            .put("comments_count", post.comments(now))
            .put("id", post.id()));
  }

  private static ObjectNode shown(Posts.Post post) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("id", post.id())
        .put("caption", post.wish().text())
        .put(
            "timestamp", post.at().truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "+0000"))
        .put("permalink", "https://www.instagram.com/p/" + post.id() + "/");
  }

  private static String first(Request request, String name) {
    return request.form().getOrDefault(name, List.of("")).getFirst();
  }
}
