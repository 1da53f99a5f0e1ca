package io.pulsegrid.sim.webhook;

import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.judge.LimitRule;
import io.pulsegrid.sim.judge.Limits;
import io.pulsegrid.sim.judge.Standing;
import io.pulsegrid.sim.posts.Accounts;
import io.pulsegrid.sim.posts.PostingPlatform;
import io.pulsegrid.sim.posts.Posts;
import io.pulsegrid.sim.posts.Posts.Posting;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A receiver of Standard Webhooks. {@code /webhook/<name>} is account name, whose secret is {@code
 * t-<name>}; {@code /webhook} is account default. It takes an id once, and tells by GET whether it
 * has.
 */
public final class Webhook extends PostingPlatform {
  private static final String NAME = "webhook";
  private static final Limits.Action PUBLISH = new Limits.Action(NAME, "publish");

  /** Its own: many a receiver takes no more. */
  public static final Map<Limits.Action, List<LimitRule>> LIMITS =
      Map.of(PUBLISH, List.of(new LimitRule(600, Duration.ofMinutes(1))));

  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  public Webhook(Books books) {
    super(PUBLISH, books);
  }

  @Override
  public Set<String> operations() {
    return Set.of("publish", "look", "unknown");
  }

  @Override
  public String operation(Request request) {
    return switch (request.method()) {
      case "POST" -> "publish";
      case "GET" -> "look";
      default -> "unknown";
    };
  }

  @Override
  public String account(Request request) {
    String name = request.path().replaceFirst("^/", "");
    return name.isEmpty() ? "default" : name;
  }

  @Override
  public Reply answer(Request request) {
    Instant now = now();
    if (!isSigned(request, now)) {
      return failure(401, "The signature does not fit");
    }
    return switch (operation(request)) {
      case "publish" -> publish(request, now);
      case "look" -> look(request);
      default -> failure(405, "There are POST and GET");
    };
  }

  @Override
  public Reply.Whole throttled(Instant reset) {
    return failure(429, "Too many").with("Retry-After", secondsUntil(reset));
  }

  @Override
  public Reply.Whole failure(int status, String message) {
    return Reply.json(status, JsonMapper.shared().createObjectNode().put("error", message));
  }

  private Reply.Whole publish(Request request, Instant now) {
    String id = request.header("webhook-id").orElse("");
    String text = request.json().at("/data/text").asString("");
    if (text.isEmpty()) {
      return failure(422, "data.text is missing");
    }
    Posts.Wish wish = new Posts.Wish(account(request), text, id, Map.of());
    String number = String.valueOf(posts().nextNumber());
    return switch (posts().post(wish, number, now, post -> id.equals(post.wish().key()))) {
      case Posting.Done(Posts.Post post, Standing _) -> Reply.json(202, shown(post));
      case Posting.Already(Posts.Post post) -> Reply.json(200, shown(post));
      case Posting.TooMany(Standing standing) -> throttled(standing.reset());
    };
  }

  private Reply.Whole look(Request request) {
    String id = request.header("webhook-id").orElse("");
    return posts().of(account(request)).stream()
        .filter(post -> id.equals(post.wish().key()))
        .findFirst()
        .map(post -> Reply.json(200, shown(post)))
        .orElseGet(
            () -> Reply.json(404, JsonMapper.shared().createObjectNode().put("unknown", id)));
  }

  private static ObjectNode shown(Posts.Post post) {
    return JsonMapper.shared().createObjectNode().put("id", post.id());
  }

  private boolean isSigned(Request request, Instant now) {
    String id = request.header("webhook-id").orElse("");
    String timestamp = request.header("webhook-timestamp").orElse("0");
    Optional<Instant> at = moment(timestamp);
    String expected =
        "v1,"
            + signature(
                Accounts.token(account(request)), id + "." + timestamp + "." + request.body());
    return at.filter(sent -> Duration.between(sent, now).abs().compareTo(TOLERANCE) <= 0)
            .isPresent()
        && MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.UTF_8),
            request.header("webhook-signature").orElse("").getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Instant> moment(String seconds) {
    try {
      return Optional.of(Instant.ofEpochSecond(Integer.parseInt(seconds)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String signature(String secret, String signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }
}
