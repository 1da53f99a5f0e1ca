package io.pulsegrid.sim.mastodon;

import io.pulsegrid.sim.fault.Platform;
import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.judge.Ledger;
import io.pulsegrid.sim.judge.LimitRule;
import io.pulsegrid.sim.judge.Limits;
import io.pulsegrid.sim.judge.Standing;
import io.pulsegrid.sim.posts.Sessions;
import io.pulsegrid.sim.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The Mastodon API, as far as publishing and listening need it. */
public final class Mastodon implements Platform {
  private static final String NAME = "mastodon";
  private static final Limits.Action PUBLISH = new Limits.Action(NAME, "publish");
  private static final Limits.Action READ = new Limits.Action(NAME, "read");

  /** Mastodon's own limits, lib/rate_limiter.rb and rack_attack.rb. */
  public static final Map<Limits.Action, List<LimitRule>> LIMITS =
      Map.of(
          PUBLISH, List.of(new LimitRule(300, Duration.ofHours(3))),
          READ, List.of(new LimitRule(300, Duration.ofMinutes(5))));

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final String STATUSES = "/api/v1/statuses";
  private static final String TIMELINES = "/api/v1/timelines/";
  private static final String SEARCH = "/api/v2/search";
  private static final String ACCOUNTS = "/api/v1/accounts/";

  private final Limits limits;
  private final Statuses statuses;
  private final Timeline timeline;
  private final Sessions sessions = new Sessions();
  private final InstantSource clock;

  public Mastodon(World world, Limits limits, Ledger ledger, InstantSource clock) {
    this.limits = limits;
    this.statuses = new Statuses(limits, PUBLISH, ledger);
    this.timeline = new Timeline(statuses, world);
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> operations() {
    return Set.of(
        "publish",
        "timeline",
        "search",
        "statuses",
        "status",
        "several",
        "verify",
        "instance",
        "unknown");
  }

  @Override
  public String operation(Request request) {
    String path = request.path();
    if (request.method().equals("POST")) {
      return path.equals(STATUSES) ? "publish" : "unknown";
    }
    if (path.equals(ACCOUNTS + "verify_credentials")) {
      return "verify";
    }
    if (path.startsWith(ACCOUNTS) && path.endsWith("/statuses")) {
      return "statuses";
    }
    if (path.startsWith(TIMELINES)) {
      return "timeline";
    }
    if (path.startsWith(STATUSES + "/")) {
      return "status";
    }
    if (path.equals(STATUSES)) {
      return "several";
    }
    if (path.equals(SEARCH)) {
      return "search";
    }
    return path.equals("/api/v2/instance") ? "instance" : "unknown";
  }

  @Override
  public String account(Request request) {
    return request.bearer().flatMap(token -> sessions.account(token, clock.instant())).orElse("");
  }

  @Override
  public void expire(Request request) {
    request.bearer().ifPresent(sessions::end);
  }

  @Override
  public Reply answer(Request request) {
    Instant now = clock.instant();
    if (request
        .bearer()
        .filter(token -> token.equals("bad") || sessions.isOver(token, now))
        .isPresent()) {
      return failure(401, "The access token is invalid");
    }
    if (operation(request).equals("publish")) {
      return publish(request, now);
    }
    if (!request.method().equals("GET")) {
      return failure(404, "Record not found");
    }
    Standing standing = limits.take(READ, account(request), now);
    return standing.granted()
        ? read(request, now).with(headers(standing))
        : tooMany().with(headers(standing));
  }

  @Override
  public Reply.Whole throttled(Instant reset) {
    return tooMany().with(headers(new Standing(false, 300, 0, reset, Duration.ofHours(3))));
  }

  @Override
  public Reply.Whole failure(int status, String message) {
    return Reply.json(status, JsonMapper.shared().createObjectNode().put("error", message));
  }

  private Reply publish(Request request, Instant now) {
    if (request.bearer().isEmpty()) {
      return failure(401, "The access token is invalid");
    }
    Account account = Account.local(account(request));
    Draft draft = Draft.read(request);
    Optional<String> objection = draft.objection();
    if (objection.isPresent()) {
      return failure(422, objection.get()).with(headers(limits.look(PUBLISH, account.name(), now)));
    }
    String key = request.header("Idempotency-Key").orElse(null);
    return switch (statuses.post(account, draft, key, now)) {
      case Statuses.Posting.Done(Status status, Standing standing) ->
          Reply.json(200, shapes(request, now).status(status)).with(headers(standing));
      case Statuses.Posting.TooMany(Standing standing) -> tooMany().with(headers(standing));
    };
  }

  private Reply.Whole read(Request request, Instant now) {
    String path = request.path();
    return switch (operation(request)) {
      case "timeline" -> timeline(request, path.substring(TIMELINES.length()), now);
      case "verify" -> verify(request, now);
      case "statuses" -> statusesOf(request, now);
      case "search" -> search(request, now);
      case "several" -> several(request, now);
      case "status" ->
          number(path.substring(STATUSES.length() + 1))
              .flatMap(id -> timeline.find(id, now))
              .map(status -> Reply.json(200, shapes(request, now).status(status)))
              .orElseGet(this::notFound);
      case "instance" -> Reply.json(200, shapes(request, now).instance());
      default -> notFound();
    };
  }

  private Reply.Whole timeline(Request request, String which, Instant now) {
    Predicate<Status> wanted = status -> status.draft().isPublic();
    if (which.startsWith("tag/")) {
      String tag = which.substring("tag/".length()).toLowerCase(Locale.ROOT);
      wanted = wanted.and(status -> status.tags().contains(tag));
    } else if (!which.equals("public")) {
      return notFound();
    }
    if (isTrue(request, "local")) {
      wanted = wanted.and(status -> status.account().home().isEmpty());
    }
    if (isTrue(request, "remote")) {
      wanted = wanted.and(status -> !status.account().home().isEmpty());
    }
    return page(request, timeline.everything(Paging.of(request), now, wanted), now);
  }

  private Reply.Whole search(Request request, Instant now) {
    String query = request.query("q").orElse("");
    if (query.isBlank()) {
      return failure(400, "Parameter q is missing");
    }
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.putArray("accounts");
    ArrayNode found = json.putArray("statuses");
    json.putArray("hashtags");
    String words = query.toLowerCase(Locale.ROOT);
    // Without a token a search finds no statuses, as on the real server.
    if (request.bearer().isPresent()) {
      Shapes shapes = shapes(request, now);
      timeline
          .everything(
              Paging.of(request),
              now,
              status ->
                  status.draft().isPublic()
                      && status.draft().text().toLowerCase(Locale.ROOT).contains(words))
          .forEach(status -> found.add(shapes.status(status)));
    }
    return Reply.json(200, json);
  }

  /** Those of several that are there, since 4.3. */
  private Reply.Whole several(Request request, Instant now) {
    ArrayNode json = JsonMapper.shared().createArrayNode();
    Shapes shapes = shapes(request, now);
    request.query().getOrDefault("id[]", List.of()).stream()
        .flatMap(id -> number(id).stream())
        .flatMap(id -> timeline.find(id, now).stream())
        .forEach(status -> json.add(shapes.status(status)));
    return Reply.json(200, json);
  }

  private Reply.Whole verify(Request request, Instant now) {
    if (request.bearer().isEmpty()) {
      return failure(401, "The access token is invalid");
    }
    Account account = statuses.open(Account.local(account(request)));
    return Reply.json(200, shapes(request, now).credentials(account));
  }

  private Reply.Whole statusesOf(Request request, Instant now) {
    String path = request.path();
    String id = path.substring(ACCOUNTS.length(), path.length() - "/statuses".length());
    Optional<Account> account = number(id).flatMap(statuses::account);
    if (account.isEmpty()) {
      return notFound();
    }
    boolean owner = account(request).equals(account.get().name());
    Predicate<Status> wanted =
        status -> owner || !Set.of("private", "direct").contains(status.draft().visibility());
    return page(
        request, Timeline.page(statuses.of(account.get()), Paging.of(request), wanted), now);
  }

  private static Reply.Whole page(Request request, List<Status> page, Instant now) {
    ArrayNode json = JsonMapper.shared().createArrayNode();
    Shapes shapes = shapes(request, now);
    page.forEach(status -> json.add(shapes.status(status)));
    Reply.Whole reply = Reply.json(200, json);
    return Paging.links(request, page).map(links -> reply.with("Link", links)).orElse(reply);
  }

  private Reply.Whole tooMany() {
    return failure(429, "Too many requests");
  }

  private Reply.Whole notFound() {
    return failure(404, "Record not found");
  }

  private static Map<String, String> headers(Standing standing) {
    return Map.of(
        "X-RateLimit-Limit", String.valueOf(standing.limit()),
        "X-RateLimit-Remaining", String.valueOf(standing.remaining()),
        "X-RateLimit-Reset", MICROS.format(standing.reset()));
  }

  private static Shapes shapes(Request request, Instant now) {
    return new Shapes(request.base(), now);
  }

  private static boolean isTrue(Request request, String name) {
    return request.query(name).filter(it -> it.equalsIgnoreCase("true")).isPresent();
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
