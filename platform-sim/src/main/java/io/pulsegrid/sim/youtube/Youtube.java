package io.pulsegrid.sim.youtube;

import io.pulsegrid.sim.fault.Platform;
import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.judge.LimitRule;
import io.pulsegrid.sim.judge.Limits;
import io.pulsegrid.sim.judge.Standing;
import io.pulsegrid.sim.posts.Accounts;
import io.pulsegrid.sim.world.Place;
import io.pulsegrid.sim.world.Shelf;
import io.pulsegrid.sim.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * YouTube Data v3: few searches a day and many lists of videos, each its own quota, told by nothing
 * but the refusal. Keys are read as tokens.
 */
public final class Youtube implements Platform {
  private static final String NAME = "youtube";
  private static final Limits.Action SEARCH = new Limits.Action(NAME, "search");
  private static final Limits.Action READ = new Limits.Action(NAME, "read");

  /** developers.google.com/youtube/v3/determine_quota_cost; here the day is any 24 hours. */
  public static final Map<Limits.Action, List<LimitRule>> LIMITS =
      Map.of(
          SEARCH, List.of(new LimitRule(100, Duration.ofDays(1))),
          READ, List.of(new LimitRule(10_000, Duration.ofDays(1))));

  private final World world;
  private final Limits limits;
  private final InstantSource clock;

  public Youtube(World world, Limits limits, InstantSource clock) {
    this.world = world;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> operations() {
    return Set.of("search", "videos", "unknown");
  }

  @Override
  public String operation(Request request) {
    return switch (request.method() + " " + request.path()) {
      case "GET /youtube/v3/search", "GET /v3/search" -> "search";
      case "GET /youtube/v3/videos", "GET /v3/videos" -> "videos";
      default -> "unknown";
    };
  }

  @Override
  public String account(Request request) {
    return request.query("key").or(request::bearer).flatMap(Accounts::of).orElse("");
  }

  @Override
  public Reply answer(Request request) {
    Instant now = clock.instant();
    String account = account(request);
    if (account.isEmpty()) {
      return request.query("key").isPresent()
          ? error(400, "API key not valid. Please pass a valid API key.", "global", "badRequest")
          : error(403, "The request is missing a valid API key.", "global", "forbidden");
    }
    String operation = operation(request);
    if (operation.equals("unknown")) {
      return failure(404, "Requested entity was not found.");
    }
    Standing standing = limits.take(operation.equals("search") ? SEARCH : READ, account, now);
    if (!standing.granted()) {
      return throttled(standing.reset());
    }
    Videos videos = new Videos(new Shelf(world, Place.YOUTUBE, now));
    return Reply.json(
        200, operation.equals("search") ? videos.search(request) : videos.videos(request));
  }

  @Override
  public Reply.Whole throttled(Instant reset) {
    return error(
        403,
        "The request cannot be completed because you have exceeded your quota.",
        "youtube.quota",
        "quotaExceeded");
  }

  @Override
  public Reply.Whole failure(int status, String message) {
    return error(status, message, "global", status == 404 ? "notFound" : "backendError");
  }

  private static Reply.Whole error(int status, String message, String domain, String reason) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    ObjectNode error = json.putObject("error").put("code", status).put("message", message);
    error
        .putArray("errors")
        .addObject()
        .put("message", message)
        .put("domain", domain)
        .put("reason", reason);
    return Reply.json(status, json);
  }
}
