package io.pulsegrid.connectors.hackernews;

import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.connectors.http.Fetched;
import io.pulsegrid.connectors.http.WebClient;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.source.EngagementReader;
import io.pulsegrid.core.source.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The collector of Hacker News lists. A visit reads the list, fetches the items it has not taken
 * yet and those it has that changed meanwhile ({@code updates.json}), a few at a time. A visit that
 * runs out of time keeps what it has; the next one goes on from there.
 */
public final class HackerNewsCollector implements Collector, EngagementReader {
  /** The API lists at most 500; a list beyond this is not one of its. */
  private static final int LONGEST_LIST = 1_000;

  private static final int AT_ONCE = 8;
  private static final int ITEMS_AT_ONCE = 40;

  /** A visit is many calls; it may take as long as this many of the slowest allowed. */
  private static final int CALLS_OF_TIME = 4;

  private final WebClient web;
  private final Supplier<FetchLimits> limits;
  private final InstantSource clock;
  private final Executor threads;
  private final JsonMapper json = JsonMapper.builder().build();

  /**
   * @param limits of one call, asked at each visit; a visit may take four calls' time
   * @param threads where items wait for their answers, one thread each: virtual ones
   */
  public HackerNewsCollector(
      WebClient web, Supplier<FetchLimits> limits, InstantSource clock, Executor threads) {
    this.web = web;
    this.limits = limits;
    this.clock = clock;
    this.threads = threads;
  }

  @Override
  public String kind() {
    return "hackernews";
  }

  @Override
  public List<FieldError> check(Source.Spec spec, Source.Credentials credentials) {
    Optional<String> refusal = web.refusal(spec.url());
    if (refusal.isEmpty() && StoryList.of(spec.url()).isEmpty()) {
      refusal = Optional.of("must end in topstories.json, newstories.json or beststories.json");
    }
    List<FieldError> errors = new ArrayList<>(unneeded(credentials));
    refusal.ifPresent(why -> errors.add(new FieldError("url", why)));
    return errors;
  }

  @Override
  public Result collect(Call call) {
    Source.Spec spec = call.spec();
    Source.Position from = call.from();
    String sourceId = call.sourceId();
    Optional<StoryList> list = StoryList.of(spec.url());
    if (list.isEmpty()) {
      return new Result.Failed("the url is none of the API's lists", null);
    }
    FetchLimits visit = limits.get();
    Instant deadline = clock.instant().plus(visit.timeout().multipliedBy(CALLS_OF_TIME));
    Map<String, String> headers =
        from.etag() == null ? Map.of() : Map.of("If-None-Match", from.etag());
    return switch (web.get(list.get().list(), headers, visit, sourceId)) {
      case Fetched.NoAnswer none -> new Result.Failed(none.detail(), null);
      case Fetched.Answer answer -> {
        if (answer.status() == 304) {
          yield new Result.NotModified();
        }
        if (answer.status() == 410) {
          yield new Result.Gone("the list is gone (410)");
        }
        if (answer.status() != 200) {
          yield new Result.Failed("the list answered " + answer.status(), answer.retryAfter());
        }
        Optional<List<Long>> ids = ids(answer.body());
        yield ids.isEmpty()
            ? new Result.Failed("the list is not an array of ids", null)
            : items(new Visit(list.get(), ids.get(), sourceId, visit, deadline), from, answer);
      }
    };
  }

  @Override
  public String platform() {
    return Item.PLATFORM;
  }

  @Override
  public int mostAtOnce() {
    return ITEMS_AT_ONCE;
  }

  @Override
  public Answer read(Account account, List<Subject> subjects) {
    Optional<StoryList> list = StoryList.of(account.url());
    if (list.isEmpty()) {
      return new Answer.Failed("the url is none of the API's lists");
    }
    FetchLimits call = limits.get();
    Instant deadline = clock.instant().plus(call.timeout().multipliedBy(CALLS_OF_TIME));
    Visit visit = new Visit(list.get(), List.of(), account.id(), call, deadline);
    List<Long> ids =
        subjects.stream()
            .map(Subject::nativeId)
            .filter(id -> id.matches("\\d{1,18}"))
            .map(Long::valueOf)
            .toList();
    Map<String, Engagement> counts = new HashMap<>();
    Set<String> gone = new HashSet<>();
    String problem = "no item was asked for";
    for (Item item : fetchAll(ids, visit)) {
      switch (item) {
        case Item.Usable usable ->
            counts.put(usable.post().content().nativeId(), usable.post().engagement());
        case Item.Useless useless -> gone.add(Long.toString(useless.id()));
        case Item.Missing missing -> problem = missing.reason();
      }
    }
    return counts.isEmpty() && gone.isEmpty()
        ? new Answer.Failed(problem)
        : new Answer.Counted(counts, gone);
  }

  /** What stays the same for all of a visit's items. */
  private record Visit(
      StoryList list, List<Long> listed, String source, FetchLimits limits, Instant deadline) {}

  private Result items(Visit visit, Source.Position from, Fetched.Answer answer) {
    SeenItems seen = SeenItems.of(from.cursor());
    Set<Long> wanted = new LinkedHashSet<>(changedAgain(visit, seen));
    wanted.addAll(seen.unseen(visit.listed()));

    List<IncomingPost> posts = new ArrayList<>();
    List<String> rejected = new ArrayList<>();
    List<Long> taken = new ArrayList<>();
    @Nullable String lastProblem = null;
    boolean complete = true;
    for (Item item : fetchAll(List.copyOf(wanted), visit)) {
      switch (item) {
        case Item.Usable usable -> {
          posts.add(usable.post());
          taken.add(usable.id());
        }
        case Item.Useless useless -> {
          rejected.add(useless.reason());
          taken.add(useless.id());
        }
        case Item.Missing missing -> {
          lastProblem = missing.reason();
          complete = false;
        }
      }
    }
    if (taken.isEmpty() && lastProblem != null && wanted.size() > 1) {
      return new Result.Failed("none of " + wanted.size() + " items came: " + lastProblem, null);
    }
    posts.sort(Comparator.comparing(post -> Long.valueOf(post.content().nativeId())));
    // With items still missing, the same list must be read again: no ETag then.
    @Nullable String etag = complete ? answer.header("ETag").orElse(null) : null;
    Source.Position next = new Source.Position(seen.cursorAfter(visit.listed(), taken), etag, null);
    return new Result.Collected(posts, next, rejected, answer.movedTo());
  }

  /** Items taken before whose scores or words changed lately; none if the API will not say. */
  private Set<Long> changedAgain(Visit visit, SeenItems seen) {
    Set<Long> changed = new LinkedHashSet<>();
    if (seen.unseen(visit.listed()).size() == visit.listed().size()) {
      return changed;
    }
    Set<Long> listed = new HashSet<>(visit.listed());
    if (web.get(visit.list().updates(), Map.of(), remaining(visit), visit.source())
        instanceof Fetched.Answer answer) {
      node(answer)
          .map(node -> node.path("items"))
          .ifPresent(
              items -> {
                for (JsonNode id : items) {
                  if (listed.contains(id.asLong(0)) && seen.contains(id.asLong(0))) {
                    changed.add(id.asLong(0));
                  }
                }
              });
    }
    return changed;
  }

  private List<Item> fetchAll(List<Long> ids, Visit visit) {
    List<Item> items = new ArrayList<>(ids.size());
    for (int start = 0; start < ids.size(); start += AT_ONCE) {
      if (!clock.instant().isBefore(visit.deadline()) || Thread.currentThread().isInterrupted()) {
        items.add(new Item.Missing(ids.get(start), "no time left for the rest"));
        break;
      }
      List<CompletableFuture<Item>> underway =
          ids.subList(start, Math.min(ids.size(), start + AT_ONCE)).stream()
              .map(id -> CompletableFuture.supplyAsync(() -> fetch(id, visit), threads))
              .toList();
      underway.forEach(item -> items.add(item.join()));
    }
    return items;
  }

  private Item fetch(long id, Visit visit) {
    return switch (web.get(visit.list().item(id), Map.of(), remaining(visit), visit.source())) {
      case Fetched.NoAnswer none -> new Item.Missing(id, "item " + id + ": " + none.detail());
      case Fetched.Answer answer ->
          node(answer)
              .map(node -> Item.read(id, node, visit.source()))
              .orElseGet(() -> new Item.Missing(id, "item " + id + " answered " + answer.status()));
    };
  }

  private FetchLimits remaining(Visit visit) {
    Duration left = Duration.between(clock.instant(), visit.deadline());
    Duration call = visit.limits().timeout();
    Duration most = left.compareTo(call) < 0 ? left : call;
    return new FetchLimits(
        most.isPositive() ? most : Duration.ofMillis(1), visit.limits().maxBytes());
  }

  private Optional<JsonNode> node(Fetched.Answer answer) {
    if (answer.status() != 200) {
      return Optional.empty();
    }
    try {
      return Optional.of(json.readTree(answer.body()));
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }

  private Optional<List<Long>> ids(byte[] body) {
    try {
      JsonNode list = json.readTree(body);
      if (!list.isArray() || list.size() > LONGEST_LIST) {
        return Optional.empty();
      }
      List<Long> ids = new ArrayList<>(list.size());
      for (JsonNode id : list) {
        if (!id.isIntegralNumber() || id.asLong() <= 0) {
          return Optional.empty();
        }
        ids.add(id.asLong());
      }
      return Optional.of(ids);
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }
}
