package io.pulsegrid.sim.meta;

import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.judge.Standing;
import io.pulsegrid.sim.posts.Posts;
import io.pulsegrid.sim.posts.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What Meta's platforms have in common: tokens, errors, usage in per cent, and listings. */
final class Graph {
  static final int UNKNOWN = 1;
  static final int SERVICE = 2;
  static final int PARAMETER = 100;
  static final int TOKEN = 190;
  private static final int NO_SUCH_OBJECT = 33;
  private static final int APP = 101;
  private static final String APP_SECRET = "secret";
  private static final Duration LONG_LIFE = Duration.ofDays(60);
  private static final int PAGE_LIMIT = 32;
  private static final int PAGE = 25;

  private Graph() {}

  /** The account of a request; a token may come as a header or a parameter. */
  static String account(Request request, Sessions sessions, Instant now) {
    Optional<String> token = request.bearer().or(() -> request.query("access_token"));
    return token.flatMap(it -> sessions.account(it, now)).orElse("");
  }

  /**
   * Whether a request asks for a token that holds for long, in exchange for one that holds still.
   */
  static boolean exchanges(Request request) {
    return request.method().equals("GET") && request.path().equals("/oauth/access_token");
  }

  static Reply.Whole exchanged(Request request, Sessions sessions, Instant now) {
    if (request.query("client_id").isEmpty()
        || !request.query("client_secret").equals(Optional.of(APP_SECRET))
        || !request.query("grant_type").equals(Optional.of("fb_exchange_token"))) {
      return error(400, APP, 0, "Error validating application. Invalid application ID.");
    }
    return request
        .query("fb_exchange_token")
        .flatMap(token -> sessions.account(token, now))
        .map(
            account ->
                Reply.json(
                    200,
                    JsonMapper.shared()
                        .createObjectNode()
                        .put("access_token", sessions.open(account, now, LONG_LIFE))
                        .put("token_type", "bearer")
                        .put("expires_in", LONG_LIFE.toSeconds())))
        .orElseGet(() -> failure(401, "Session has expired"));
  }

  static Reply.Whole failure(int status, String message) {
    return switch (status) {
      case 401 -> error(400, TOKEN, 463, "Error validating access token: " + message);
      case 500 -> error(500, SERVICE, 0, "An unexpected error has occurred. Please retry later.");
      default -> error(status, UNKNOWN, 0, message);
    };
  }

  static Reply.Whole throttled(String account, String type, Instant now, Instant reset) {
    return error(400, PAGE_LIMIT, 0, "(#32) Page request limit reached")
        .with("X-Business-Use-Case-Usage", usage(account, type, 100, minutes(now, reset)));
  }

  /** The share of the limit that is used. */
  static String usage(String account, String type, Standing standing, Instant now) {
    long used = (long) standing.limit() - standing.remaining();
    int share = (int) (used * 100 / Math.max(1, standing.limit()));
    return usage(account, type, share, share < 100 ? 0 : minutes(now, standing.reset()));
  }

  static Reply.Whole error(int status, int code, int subcode, String message) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    ObjectNode error = json.putObject("error");
    error.put("message", message).put("type", "OAuthException").put("code", code);
    if (subcode != 0) {
      error.put("error_subcode", subcode);
    }
    error.put("fbtrace_id", "AtAndIn");
    return Reply.json(status, json);
  }

  /** Of an object that is not there, or that whoever asks may not see. */
  static Reply.Whole noSuch(String id) {
    return error(
        400,
        PARAMETER,
        NO_SUCH_OBJECT,
        "Unsupported get request. Object with ID '%s' does not exist".formatted(id));
  }

  /** Whether a request asks for a field, whatever it asks of it. */
  static boolean wants(Request request, String field) {
    return Arrays.stream(request.query("fields").orElse("").split(",", -1))
        .anyMatch(asked -> asked.equals(field) || asked.startsWith(field + "."));
  }

  /** A page of posts, newest first. */
  static Reply.Whole listing(
      Request request, List<Posts.Post> all, Function<Posts.Post, ObjectNode> shown) {
    int size = request.query("limit").map(Integer::parseInt).orElse(PAGE);
    int start = request.query("after").map(Integer::parseInt).orElse(0);
    ObjectNode json = JsonMapper.shared().createObjectNode();
    ArrayNode data = json.putArray("data");
    all.stream().skip(start).limit(size).forEach(post -> data.add(shown.apply(post)));
    ObjectNode paging = json.putObject("paging");
    paging.putObject("cursors").put("after", String.valueOf(start + size));
    if (all.size() > start + size) {
      paging.put("next", request.base() + request.path() + "?after=" + (start + size));
    }
    return Reply.json(200, json);
  }

  private static long minutes(Instant now, Instant reset) {
    return Math.max(1, Duration.between(now, reset).plusSeconds(59).toMinutes());
  }

  private static String usage(String account, String type, int share, long minutes) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.putArray(account)
        .addObject()
        .put("type", type)
        .put("call_count", share)
        .put("total_cputime", 1)
        .put("total_time", 1)
        .put("estimated_time_to_regain_access", minutes);
    return json.toString();
  }
}
