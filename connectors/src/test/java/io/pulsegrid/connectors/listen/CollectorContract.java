package io.pulsegrid.connectors.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.source.Collector.Result;
import io.pulsegrid.core.source.EngagementReader;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What holds for every collector of an API, over real HTTP against the platform's stand-in. */
abstract class CollectorContract {
  private static final int MOST_VISITS = 80;

  /** So often that nothing is missed. */
  private static final Duration A_WHILE = Duration.ofMinutes(30);

  private volatile Instant now = Instant.parse("2026-05-12T10:00:00Z");
  private final InstantSource clock = () -> now;
  final Sim sim = Sim.start(SimOptions.local(0).withClock(clock));
  // The tightest window that is kept is one of a second.
  final RememberingQuota quota = new RememberingQuota(() -> advance(Duration.ofSeconds(1)));
  final TestReach reach = new TestReach(quota, clock);
  private final HttpClient http = HttpClient.newHttpClient();

  abstract String kind();

  /** What a source reads, below the platform's mount. */
  abstract String path();

  /** What opens it for an account; {@code bad} for nobody. */
  abstract Source.Credentials credentials(String account);

  /** The operation by which the stand-in knows the reading. */
  abstract String operation();

  /** What nobody can collect, below the platform's mount. */
  abstract String unreadable();

  /** How much later there is certainly something new. */
  Duration later() {
    return Duration.ofHours(3);
  }

  /** In how long more comes in than one visit reads, and not more than the platform lists. */
  Duration away() {
    return Duration.ofHours(44);
  }

  @AfterEach
  final void close() {
    http.close();
    sim.close();
  }

  @Test
  final void collectsPostsWithAllThatIsKnownOfThem() {
    List<IncomingPost> posts = collected(Source.Position.START).posts();

    assertThat(posts)
        .hasSizeGreaterThan(5)
        .allSatisfy(
            post -> {
              assertThat(post.errors()).isEmpty();
              assertThat(post.content().platform()).isEqualTo(kind());
              assertThat(post.content().author()).isNotBlank();
              assertThat(post.content().url()).startsWith("http");
              assertThat(post.publishedAt()).isBeforeOrEqualTo(now);
              assertThat(post.source()).isEqualTo("source-1");
            });
    assertThat(posts).anyMatch(post -> !post.engagement().equals(Engagement.NONE));
    assertThat(posts).anyMatch(post -> !post.content().tags().isEmpty());
    assertThat(ids(posts)).doesNotHaveDuplicates();
    assertThat(posts).isSortedAccordingTo(Posts.OLDEST_FIRST);
  }

  @Test
  final void bringsOnlyWhatIsNew() {
    Result.Collected first = collected(Source.Position.START);
    Result again = collect(first.next(), credentials("reader"));
    assertThat(posts(again)).isEmpty();

    advance(later());
    Result.Collected second = collected(positionAfter(first, again));

    assertThat(second.posts()).isNotEmpty();
    assertThat(ids(second.posts())).doesNotContainAnyElementsOf(ids(first.posts()));
  }

  @Test
  final void catchesUpWithAllThatCameInWhileItWasAway() {
    Instant left = now;
    Source.Position seldom = collected(Source.Position.START).next();
    Source.Position often = seldom;
    Set<String> all = new HashSet<>();
    for (Duration away = Duration.ZERO; away.compareTo(away()) < 0; away = away.plus(A_WHILE)) {
      advance(A_WHILE);
      Result result = collect(often, credentials("reader"));
      all.addAll(ids(posts(result).stream().filter(post -> isAfter(left, post)).toList()));
      often = result instanceof Result.Collected some ? some.next() : often;
    }

    Set<String> caughtUp = new HashSet<>();
    int visits = 0;
    for (; visits < MOST_VISITS && !caughtUp.containsAll(all); visits++) {
      // As seldom as the tightest limits of all allow.
      advance(Duration.ofMinutes(5));
      Result result = collect(seldom, credentials("reader"));
      caughtUp.addAll(ids(posts(result)));
      seldom = result instanceof Result.Collected some ? some.next() : seldom;
    }

    assertThat(caughtUp).containsAll(all);
    assertThat(visits).as("more came in than one visit reads").isGreaterThan(1);
  }

  @Test
  final void collectsFromTheStartWhereTheCursorIsForeign() {
    Source.Position foreign = new Source.Position("12,ab,!", null, null);

    assertThat(collected(foreign).posts()).isNotEmpty();
  }

  @Test
  final void asksForLeaveBeforeEachCallAndTellsHowItEnded() {
    Result.Collected first = collected(Source.Position.START);
    assertThat(quota.asked())
        .isNotEmpty()
        .allSatisfy(
            bucket -> {
              assertThat(bucket.kind()).isEqualTo(kind());
              assertThat(bucket.patient()).isFalse();
              credentials("reader")
                  .values()
                  .values()
                  .forEach(secret -> assertThat(bucket.holder()).doesNotContain(secret));
            });
    assertThat(quota.told()).hasSameSizeAs(quota.asked());

    Instant until = now.plusSeconds(90);
    quota.closeAfter(0, until);

    assertThat(collect(first.next(), credentials("reader")))
        .isInstanceOfSatisfying(
            Result.Held.class, held -> assertThat(held.until()).isEqualTo(until));
  }

  @Test
  final void waitsAsLongAsThePlatformSays() {
    fault("429", 120_000);

    assertThat(collect(Source.Position.START, credentials("reader")))
        .isInstanceOfSatisfying(
            Result.Held.class,
            held ->
                assertThat(held.until())
                    .isAfterOrEqualTo(now.plusSeconds(59))
                    .isBefore(now.plus(Duration.ofHours(25)).plusSeconds(1)));
  }

  @Test
  final void waitsAWhileWhereThePlatformDoesNotSayHowLong() {
    fault("429-bare", 0);

    assertThat(collect(Source.Position.START, credentials("reader")))
        .isInstanceOfSatisfying(
            Result.Held.class,
            held -> assertThat(held.until()).isAfterOrEqualTo(now.plusSeconds(60)));
  }

  @Test
  final void failsInWordsWhereThePlatformDoes() {
    fault("500", 0);
    assertThat(collect(Source.Position.START, credentials("reader")))
        .isInstanceOfSatisfying(
            Result.Failed.class, failed -> assertThat(failed.detail()).contains("500"));

    fault("refuse", 0);
    assertThat(collect(Source.Position.START, credentials("reader")))
        .isInstanceOf(Result.Failed.class);
  }

  @Test
  final void saysThatCredentialsAreRefused() {
    Source.Credentials bad = credentials("bad");
    if (bad.values().isEmpty()) {
      return;
    }

    assertThat(collect(Source.Position.START, bad))
        .isInstanceOfSatisfying(
            Result.Failed.class, failed -> assertThat(failed.detail()).containsPattern("40[0-3]"));
  }

  @Test
  final void refusesWhatCouldNeverBeCollected() {
    Collector collector = reach.collector(kind());
    Source.Credentials good = credentials("reader");

    assertThat(collector.check(spec(path()), good)).isEmpty();
    assertThat(collector.check(spec(unreadable()), good))
        .extracting(FieldError::field)
        .containsExactly("url");
    assertThat(collector.check(spec(path()), new Source.Credentials(Map.of("sesame", "open"))))
        .extracting(FieldError::field)
        .containsExactly("credentials.sesame");
    assertThat(
            collector.check(
                spec(path()),
                new Source.Credentials(
                    good.values().isEmpty() ? Map.of("accessToken", "") : blank(good))))
        .isNotEmpty()
        .allSatisfy(error -> assertThat(error.field()).startsWith("credentials"));
  }

  @Test
  final void readsEngagementAgain() {
    List<IncomingPost> posts = collected(Source.Position.START).posts();
    List<IncomingPost> some =
        posts.subList(0, Math.min(posts.size(), reach.reader(kind()).mostAtOnce() / 2));
    advance(Duration.ofHours(6));
    List<EngagementReader.Subject> subjects = new ArrayList<>();
    some.forEach(
        post ->
            subjects.add(
                new EngagementReader.Subject(post.content().nativeId(), post.content().url())));
    subjects.add(new EngagementReader.Subject(unknownId(), null));
    quota.asked().clear();

    EngagementReader.Answer answer = read(subjects);

    assertThat(answer).isInstanceOf(EngagementReader.Answer.Counted.class);
    EngagementReader.Answer.Counted counted = (EngagementReader.Answer.Counted) answer;
    assertThat(counted.gone()).containsExactly(unknownId());
    assertThat(counted.counts()).containsOnlyKeys(ids(some));
    assertThat(some)
        .allSatisfy(
            post ->
                assertThat(
                        counted
                            .counts()
                            .getOrDefault(post.content().nativeId(), Engagement.NONE)
                            .likes())
                    .isGreaterThanOrEqualTo(post.engagement().likes()));
    assertThat(quota.asked()).isNotEmpty().allMatch(Quota.Bucket::patient);
  }

  @Test
  final void saysUntilWhenNothingCanBeReadAgain() {
    Instant until = now.plusSeconds(90);
    quota.closeAfter(0, until);

    assertThat(read(List.of(new EngagementReader.Subject(unknownId(), null))))
        .isInstanceOfSatisfying(
            EngagementReader.Answer.Held.class, held -> assertThat(held.until()).isEqualTo(until));
  }

  /** An id as the platform has them, of nothing that is there. */
  abstract String unknownId();

  final EngagementReader.Answer read(List<EngagementReader.Subject> subjects) {
    return reach
        .reader(kind())
        .read(
            new EngagementReader.Account("source-1", url(path()), "", credentials("reader")),
            subjects);
  }

  final Result.Collected collected(Source.Position from) {
    Result result = collect(from, credentials("reader"));
    assertThat(result).isInstanceOf(Result.Collected.class);
    assertThat(((Result.Collected) result).rejected()).isEmpty();
    return (Result.Collected) result;
  }

  final Result collect(Source.Position from, Source.Credentials credentials) {
    return reach.collect(kind(), url(path()), credentials, from);
  }

  final void advance(Duration step) {
    now = now.plus(step);
  }

  private static Source.Position positionAfter(Result.Collected first, Result again) {
    return again instanceof Result.Collected collected ? collected.next() : first.next();
  }

  private static boolean isAfter(Instant then, IncomingPost post) {
    Instant at = post.publishedAt();
    return at != null && at.isAfter(then);
  }

  private static List<IncomingPost> posts(Result result) {
    return switch (result) {
      case Result.Collected collected -> collected.posts();
      case Result.NotModified _ -> List.of();
      default -> throw new AssertionError("was " + result);
    };
  }

  static Set<String> ids(List<IncomingPost> posts) {
    Set<String> ids = new HashSet<>();
    posts.forEach(post -> ids.add(post.content().nativeId()));
    return ids;
  }

  private static Map<String, String> blank(Source.Credentials given) {
    return Map.of(given.values().keySet().iterator().next(), " ");
  }

  private Source.Spec spec(String path) {
    return TestReach.spec(kind(), url(path));
  }

  final URI url(String path) {
    return URI.create(sim.uri() + "/" + kind() + path);
  }

  final void fault(String faultKind, long delayMillis) {
    send("DELETE", "/sim/faults", "");
    send(
        "POST",
        "/sim/faults",
        JsonMapper.shared()
            .createObjectNode()
            .put("platform", kind())
            .put("op", operation())
            .put("kind", faultKind)
            .put("delayMs", delayMillis)
            .toString());
  }

  final JsonNode send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(sim.uri() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
      return response.body().isEmpty()
          ? JsonMapper.shared().createObjectNode()
          : JsonMapper.shared().readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
