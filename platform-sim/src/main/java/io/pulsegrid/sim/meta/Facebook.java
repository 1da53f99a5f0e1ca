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
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The feed of a Facebook Page, which is the account of its token. */
public final class Facebook extends PostingPlatform {
  private static final String NAME = "facebook";
  private static final Limits.Action PUBLISH = new Limits.Action(NAME, "publish");

  /** 4,800 calls for each engaged user a day: the one that follows here. */
  public static final Map<Limits.Action, List<LimitRule>> LIMITS =
      Map.of(PUBLISH, List.of(new LimitRule(4_800, Duration.ofDays(1))));

  private static final int MOST_CHARACTERS = 63_206;
  private static final Pattern POST = Pattern.compile("/\\d+_\\d+");

  public Facebook(Books books) {
    super(PUBLISH, books);
  }

  @Override
  public Set<String> operations() {
    return Set.of("publish", "feed", "me", "engagement", "token", "unknown");
  }

  @Override
  public String operation(Request request) {
    boolean post = request.method().equals("POST");
    if (request.path().endsWith("/feed")) {
      return post ? "publish" : "feed";
    }
    if (Graph.exchanges(request)) {
      return "token";
    }
    if (!post && request.path().equals("/me")) {
      return "me";
    }
    return !post && POST.matcher(request.path()).matches() ? "engagement" : "unknown";
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
    if (account(request).isEmpty()) {
      return failure(401, "The session is invalid");
    }
    return switch (operation(request)) {
      case "publish" -> publish(request, now());
      case "feed" -> Graph.listing(request, posts().of(account(request)), Facebook::shown);
      case "me" ->
          Reply.json(200, JsonMapper.shared().createObjectNode().put("id", page(account(request))));
      case "engagement" -> engagement(request, request.path().substring(1), now());
      default -> Graph.error(404, Graph.PARAMETER, 33, "Unsupported request");
    };
  }

  @Override
  public Reply.Whole throttled(Instant reset) {
    return Graph.throttled("page", "pages", now(), reset);
  }

  @Override
  public Reply.Whole failure(int status, String message) {
    return Graph.failure(status, message);
  }

  private Reply.Whole publish(Request request, Instant now) {
    String account = account(request);
    String message = request.form().getOrDefault("message", List.of("")).getFirst();
    if (message.isBlank() || message.length() > MOST_CHARACTERS) {
      return Graph.error(400, Graph.PARAMETER, 0, "(#100) Param message must be 1 to 63206 long");
    }
    Posts.Wish wish = new Posts.Wish(account, message, null, Map.of());
    String id = page(account) + "_" + posts().nextNumber();
    return switch (posts().post(wish, id, now, _ -> false)) {
      case Posting.Done(Posts.Post _, Standing standing) ->
          Reply.json(200, JsonMapper.shared().createObjectNode().put("id", id))
              .with("X-Business-Use-Case-Usage", Graph.usage(account, "pages", standing, now));
      case Posting.Already _ -> throw new IllegalStateException("nothing is like another here");
      case Posting.TooMany(Standing standing) -> throttled(standing.reset());
    };
  }

  /** The page's number. */
  private static String page(String account) {
    return String.valueOf(Math.floorMod(account.hashCode(), 1_000_000));
  }

  /** Of a post the fields that are asked for; shares are left out while there are none. */
  private Reply.Whole engagement(Request request, String id, Instant now) {
    Optional<Posts.Post> found = posts().find(account(request), id);
    if (found.isEmpty()) {
      return Graph.noSuch(id);
    }
    Posts.Post post = found.get();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    for (String edge : List.of("likes", "reactions")) {
      if (Graph.wants(request, edge)) {
        edge(json, edge, post.likes(now));
      }
    }
    if (Graph.wants(request, "comments")) {
      edge(json, "comments", post.comments(now));
    }
    if (Graph.wants(request, "shares") && post.shares(now) > 0) {
      json.putObject("shares").put("count", post.shares(now));
    }
    return Reply.json(200, json.put("id", id));
  }

  private static void edge(ObjectNode json, String name, long count) {
    ObjectNode edge = json.putObject(name);
    edge.putArray("data");
    edge.putObject("summary").put("total_count", count);
  }

  private static ObjectNode shown(Posts.Post post) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("id", post.id())
        .put("message", post.wish().text())
        .put(
            "created_time",
            post.at().truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "+0000"))
        .put("permalink_url", "https://www.facebook.com/" + post.id());
  }
}
