package io.pulsegrid.sim.github;

import io.pulsegrid.sim.fault.Platform;
import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.http.Unchanged;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** GitHub: searches, and what they found one by one. A spent limit is answered 403. */
public final class Github implements Platform {
  private static final String NAME = "github";
  private static final Limits.Action SEARCH = new Limits.Action(NAME, "search");
  private static final Limits.Action SEARCH_ANONYMOUS = new Limits.Action(NAME, "search-anonymous");
  private static final Limits.Action READ = new Limits.Action(NAME, "read");
  private static final Limits.Action READ_ANONYMOUS = new Limits.Action(NAME, "read-anonymous");
  private static final Pattern ONE =
      Pattern.compile("/repositories/(\\d{1,18})|/repos/[^/]+/[^/]+/issues/(\\d{1,18})");

  /** github/docs rate-limits and search.md. */
  public static final Map<Limits.Action, List<LimitRule>> LIMITS =
      Map.of(
          SEARCH, List.of(new LimitRule(30, Duration.ofMinutes(1))),
          SEARCH_ANONYMOUS, List.of(new LimitRule(10, Duration.ofMinutes(1))),
          READ, List.of(new LimitRule(5_000, Duration.ofHours(1))),
          READ_ANONYMOUS, List.of(new LimitRule(60, Duration.ofHours(1))));

  private final World world;
  private final Limits limits;
  private final InstantSource clock;

  public Github(World world, Limits limits, InstantSource clock) {
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
    return Set.of("search", "read", "unknown");
  }

  @Override
  public String operation(Request request) {
    if (!request.method().equals("GET")) {
      return "unknown";
    }
    return switch (request.path()) {
      case "/search/repositories", "/search/issues" -> "search";
      default -> ONE.matcher(request.path()).matches() ? "read" : "unknown";
    };
  }

  @Override
  public String account(Request request) {
    return request.bearer().flatMap(Accounts::of).orElse("");
  }

  @Override
  public Reply answer(Request request) {
    Instant now = clock.instant();
    String account = account(request);
    if (request.bearer().isPresent() && account.isEmpty()) {
      return failure(401, "Bad credentials");
    }
    if (request.header("User-Agent").isEmpty()) {
      return failure(403, "Request forbidden by administrative rules.");
    }
    String operation = operation(request);
    if (operation.equals("unknown")) {
      return failure(404, "Not Found");
    }
    Limits.Action action =
        operation.equals("search")
            ? account.isEmpty() ? SEARCH_ANONYMOUS : SEARCH
            : account.isEmpty() ? READ_ANONYMOUS : READ;
    Standing standing = limits.take(action, account, now);
    String resource = operation.equals("search") ? "search" : "core";
    Reply.Whole reply =
        standing.granted()
            ? Unchanged.orWhole(request, read(request, now))
            : failure(403, "API rate limit exceeded");
    return reply.with(headers(standing, resource));
  }

  private Reply.Whole read(Request request, Instant now) {
    Found found = new Found(new Shelf(world, Place.GITHUB, now));
    if (operation(request).equals("search")) {
      return request.query("q").filter(it -> !it.isBlank()).isEmpty()
          ? failure(422, "Validation Failed")
          : found.search(request);
    }
    Matcher one = ONE.matcher(request.path());
    if (!one.matches()) {
      throw new IllegalArgumentException("not one: " + request.path());
    }
    return (one.group(1) != null
            ? found.repository(Long.parseLong(one.group(1)))
            : found.issue(Long.parseLong(one.group(2))))
        .map(json -> Reply.json(200, json))
        .orElseGet(() -> failure(404, "Not Found"));
  }

  @Override
  public Reply.Whole throttled(Instant reset) {
    return failure(403, "API rate limit exceeded")
        .with(headers(new Standing(false, 30, 0, reset, Duration.ofMinutes(1)), "search"));
  }

  @Override
  public Reply.Whole failure(int status, String message) {
    return Reply.json(
        status,
        JsonMapper.shared()
            .createObjectNode()
            .put("message", message)
            .put("documentation_url", "https://docs.github.com/rest")
            .put("status", String.valueOf(status)));
  }

  private static Map<String, String> headers(Standing standing, String resource) {
    Map<String, String> headers = new HashMap<>();
    headers.put("x-ratelimit-limit", String.valueOf(standing.limit()));
    headers.put("x-ratelimit-remaining", String.valueOf(standing.remaining()));
    headers.put("x-ratelimit-used", String.valueOf(standing.limit() - standing.remaining()));
    headers.put("x-ratelimit-reset", String.valueOf(standing.reset().getEpochSecond() + 1));
    headers.put("x-ratelimit-resource", resource);
    return headers;
  }
}
