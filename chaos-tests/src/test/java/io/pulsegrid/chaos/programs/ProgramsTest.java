package io.pulsegrid.chaos.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.chaos.node.GridFixture;
import io.pulsegrid.client.AlertsRequest;
import io.pulsegrid.client.BatchResult;
import io.pulsegrid.client.Connection;
import io.pulsegrid.client.Copies;
import io.pulsegrid.client.Delivery;
import io.pulsegrid.client.Engagement;
import io.pulsegrid.client.Event;
import io.pulsegrid.client.ImportOptions;
import io.pulsegrid.client.ImportResult;
import io.pulsegrid.client.NewPost;
import io.pulsegrid.client.NewScheduledPost;
import io.pulsegrid.client.Page;
import io.pulsegrid.client.Paging;
import io.pulsegrid.client.Post;
import io.pulsegrid.client.PostsRequest;
import io.pulsegrid.client.Preview;
import io.pulsegrid.client.Pulsegrid;
import io.pulsegrid.client.PulsegridException;
import io.pulsegrid.client.RateLimit;
import io.pulsegrid.client.RecurringPosts;
import io.pulsegrid.client.ScheduledPost;
import io.pulsegrid.client.SearchRequest;
import io.pulsegrid.client.SearchResult;
import io.pulsegrid.client.Series;
import io.pulsegrid.client.Subscription;
import io.pulsegrid.client.Trend;
import io.pulsegrid.client.TrendsRequest;
import io.pulsegrid.client.When;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.ignite.Ignition;
import org.apache.ignite.client.ClientException;
import org.apache.ignite.client.IgniteClient;
import org.apache.ignite.configuration.ClientConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node, started once, used as programs use it. */
class ProgramsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path data;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static GridFixture grid;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Pulsegrid pulsegrid;

  /** The service as Ignite calls it, for messages that no SDK of today would send. */
  private interface Door {
    byte[] call(byte[] message);
  }

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    grid = new GridFixture(data);
    grid.start();
    pulsegrid = Pulsegrid.connect(Connection.to(grid.key(), grid.programs()));
  }

  @AfterAll
  static void end() {
    pulsegrid.close();
    grid.close();
  }

  @Test
  void schedulesAPostAndFollowsItToItsEnd() throws Exception {
    String channel = grid.channel("sdk");
    ScheduledPost post =
        pulsegrid.schedule(NewScheduledPost.of("Said by a program", When.now(), channel), "k-1");
    Delivery delivery = pulsegrid.follow(post.deliveries().getFirst().id(), PATIENCE);
    assertThat(delivery.state()).isEqualTo("PUBLISHED");
    assertThat(delivery.attemptLog()).hasSize(1);
    assertThat(pulsegrid.deliveryEngagement(delivery.id()).virality().notEnoughData()).isNotNull();

    ScheduledPost again =
        pulsegrid.schedule(NewScheduledPost.of("Said by a program", When.now(), channel), "k-1");
    assertThat(again.id()).as("under the same key").isEqualTo(post.id());
    assertThat(grid.arrived()).containsOnlyOnce("Said by a program");
    assertThat(grid.query("SELECT origin FROM audit WHERE path = 'scheduledPosts.create'"))
        .isNotEmpty()
        .containsOnly("127.0.0.1");
    assertThat(pulsegrid.channels(Paging.FIRST).items())
        .anySatisfy(it -> assertThat(it.id()).isEqualTo(channel));
  }

  @Test
  void schedulesManyAndNamesThoseAtFault() throws Exception {
    String channel = grid.channel("many");
    When later = When.local(LocalDateTime.of(2027, 3, 28, 2, 30), ZoneId.of("Europe/Paris"));
    List<NewScheduledPost> batch =
        List.of(
            NewScheduledPost.of("One", later, channel).on("mastodon", "One, here"),
            NewScheduledPost.of("", later, channel));
    BatchResult result = pulsegrid.scheduleAll(batch, false, "batch-1");
    assertThat(result.created()).isEqualTo(1);
    assertThat(pulsegrid.scheduleAll(batch, false, "batch-1").results())
        .as("under the same key")
        .isEqualTo(result.results());
    assertThat(result.results().getLast().errors())
        .anySatisfy(error -> assertThat(error.field()).isEqualTo("text"));
    String id = String.valueOf(result.results().getFirst().id());
    assertThat(pulsegrid.scheduledPost(id).resolved().getFirst().adjustment()).isEqualTo("GAP");
    pulsegrid.cancel(id);
    assertThat(pulsegrid.deliveries("CANCELLED", channel, Paging.first(5)).items()).hasSize(1);
  }

  @Test
  void looksAheadAndThinksAgain() throws Exception {
    String channel = grid.channel("again");
    When later = When.local(LocalDateTime.of(2027, 5, 3, 9, 0), ZoneId.of("Europe/Paris"));
    NewScheduledPost first = NewScheduledPost.of("A first thought", later, channel);
    Preview.Item ahead =
        pulsegrid
            .preview(List.of(first, NewScheduledPost.of("", later, channel)))
            .items()
            .getFirst();
    assertThat(ahead.channels().getFirst().at()).isEqualTo("2027-05-03T07:00:00Z");
    assertThat(pulsegrid.rateLimits(channel))
        .allSatisfy(limit -> assertThat(limit.blockedUntil()).isNull())
        .anySatisfy(limit -> assertThat(limit.scope()).isEqualTo("channel:" + channel));

    ScheduledPost post = pulsegrid.schedule(first);
    assertThat(pulsegrid.why(post.deliveries().getFirst().id()).waitsFor()).isEqualTo("DUE_TIME");
    ScheduledPost edited =
        pulsegrid.replace(post.id(), NewScheduledPost.of("A second thought", later, channel));
    assertThat(edited.id()).isEqualTo(post.id());
    assertThat(pulsegrid.scheduledPosts(Paging.first(500)).items())
        .filteredOn(it -> it.id().equals(post.id()))
        .singleElement()
        .extracting(ScheduledPost::text, ScheduledPost::version)
        .containsExactly("A second thought", edited.version());
    Delivery cancelled = pulsegrid.cancelDelivery(edited.deliveries().getFirst().id());
    assertThat(cancelled.state()).isEqualTo("CANCELLED");
  }

  @Test
  void overwritesNothingThatSomebodyElseWrote() throws Exception {
    String channel = grid.channel("shared");
    When later = When.local(LocalDateTime.of(2027, 5, 3, 9, 0), ZoneId.of("Europe/Paris"));
    ScheduledPost read = pulsegrid.schedule(NewScheduledPost.of("As I read it", later, channel));
    String id = read.id();
    NewScheduledPost theirs = NewScheduledPost.of("As they wrote it", later, channel);
    ScheduledPost written = pulsegrid.replace(id, theirs, read.version());
    NewScheduledPost mine = NewScheduledPost.of("As I would write it", later, channel);
    assertRefused(() -> pulsegrid.replace(id, mine, read.version()), "stale");
    assertRefused(() -> pulsegrid.cancel(id, read.version()), "stale");
    assertThat(pulsegrid.scheduledPost(id).text()).isEqualTo(theirs.text());
    ScheduledPost edited = pulsegrid.replace(id, mine, written.version());
    pulsegrid.cancel(id, edited.version());
    assertThat(pulsegrid.scheduledPost(id).state()).isEqualTo("CANCELLED");
  }

  @Test
  void repeatsAPostEveryWeek() throws Exception {
    LocalDateTime first = LocalDateTime.of(2027, 5, 3, 9, 0);
    When mondays = When.repeated(first, ZoneId.of("Europe/Paris"), "FREQ=WEEKLY;BYDAY=MO");
    RecurringPosts recurring = pulsegrid.recurring();
    NewScheduledPost post = NewScheduledPost.of("Once a week", mondays, grid.channel("weekly"));
    Series begun = recurring.begin(post, "weekly-1");
    assertThat(recurring.begin(post, "weekly-1").id()).isEqualTo(begun.id());
    assertThat(begun.upcoming()).first().extracting(Series.Time::local).isEqualTo(first.toString());
    NewScheduledPost other = NewScheduledPost.of("Weekly", mondays, begun.channels().getFirst());
    Series changed = recurring.replace(begun.id(), other, begun.version());
    assertRefused(() -> recurring.replace(begun.id(), post, begun.version()), "stale");
    assertThat(recurring.get(begun.id()).version()).isEqualTo(changed.version());
    recurring.end(begun.id());
    assertThat(recurring.list(Paging.first(500)).items())
        .filteredOn(Series::ended)
        .extracting(Series::text)
        .contains("Weekly");
  }

  @Test
  void countsWhatWasDoneElsewhere() throws Exception {
    String channel = grid.channel("elsewhere");
    RateLimit before = pulsegrid.rateLimits(channel).getFirst();
    RateLimit after = pulsegrid.recordAction(channel, before.action()).getFirst();
    assertThat(after.used()).isEqualTo(before.used() + 1);
    assertThat(pulsegrid.rateLimits(channel).getFirst().used()).isEqualTo(after.used());
    assertRefused(() -> pulsegrid.recordAction(channel, "shout"), "invalid");
  }

  @Test
  void seesAFailedDeliveryThrough() throws Exception {
    String channel = grid.channel("through", "mistyped");
    ScheduledPost post =
        pulsegrid.schedule(NewScheduledPost.of("Refused at first", When.now(), channel));
    Delivery failed = pulsegrid.follow(post.deliveries().getFirst().id(), PATIENCE);
    assertThat(failed.state()).isEqualTo("FAILED");
    assertThat(pulsegrid.queue().failed()).isPositive();
    assertThat(
            pulsegrid
                .alerts(new AlertsRequest("failed", failed.dueAt(), true, Paging.FIRST))
                .items())
        .anySatisfy(alert -> assertThat(alert.delivery()).isEqualTo(failed.id()));
    assertRefused(() -> pulsegrid.confirm(failed.id(), true, null), "conflict");

    grid.move(channel, "through", "mastodon");
    assertThat(pulsegrid.retry(failed.id()).hasEnded()).isFalse();
    assertThat(pulsegrid.follow(failed.id(), PATIENCE).state()).isEqualTo("PUBLISHED");
    assertThat(pulsegrid.why(failed.id()).waitsFor()).isEqualTo("NOTHING");
  }

  @Test
  void importsAStreamAndFindsItAgain() {
    Instant noon = Instant.parse("2026-11-01T12:00:00Z");
    Stream<NewPost> posts =
        IntStream.range(0, 2_500)
            .mapToObj(
                i ->
                    NewPost.titled(
                        "newsletter", "n" + i, "Letter " + i + " about quiet walruses", noon));
    ImportResult imported = pulsegrid.importPosts(posts, ImportOptions.of(null));
    assertThat(imported.accepted()).isEqualTo(2_500);

    String lines =
        "{\"nativeId\":\"n1\",\"title\":\"Letter 1 about quiet walruses\"}\n{\"title\":\"x\"}\n";
    ImportResult mended =
        pulsegrid.importLines(
            new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
            new ImportOptions("newsletter", 1));
    assertThat(mended.rejected()).isEqualTo(1);
    assertThat(mended.errors().getFirst().line()).isEqualTo(2);

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                !pulsegrid
                    .search(SearchRequest.forWords("walruses").by("text"), Paging.first(3))
                    .hits()
                    .isEmpty());
    SearchResult result =
        pulsegrid.search(
            SearchRequest.forWords("walruses").on("newsletter").counting("platform").highlighted(),
            Paging.first(3));
    assertThat(result.facets()).containsOnlyKeys("platform");
    assertThat(result.hits())
        .anySatisfy(
            hit ->
                assertThat(hit.highlights())
                    .isNotNull()
                    .satisfies(it -> assertThat(it.title()).first().asString().contains("<em>")));
    Post found = result.hits().getFirst().post();
    assertThat(pulsegrid.post(found.id()).title()).contains("walruses");
    assertThat(pulsegrid.postEngagement(found.id()).virality().catchesOn()).isNull();
    assertThat(pulsegrid.posts(PostsRequest.of("newsletter"), Paging.first(2)).items()).hasSize(2);
    await()
        .atMost(PATIENCE)
        .until(() -> !pulsegrid.trends(TrendsRequest.STRONGEST).items().isEmpty());
    Trend trend = pulsegrid.trends(TrendsRequest.STRONGEST).items().getFirst();
    assertThat(pulsegrid.trendPosts(trend.id(), Paging.first(2)).items()).isNotEmpty();
    Instant before = Instant.parse("2026-10-01T12:00:00Z");
    Page<Trend> then = pulsegrid.trends(TrendsRequest.STRONGEST.at(before));
    assertThat(then.items()).isEmpty();
    assertThat(then.note()).contains("is taken as a time of the posts");
    assertRefused(() -> pulsegrid.trend(trend.id(), before), "not-found");
  }

  @Test
  void tellsWhatRepeatsAPost() {
    Instant noon = Instant.parse("2026-11-02T12:00:00Z");
    String said = "Lighthouse keeper of Skerryvore retires after forty stormy winters";
    pulsegrid.importPosts(
        IntStream.range(0, 3)
            .mapToObj(i -> NewPost.titled("courier", "k" + i, said, noon.plusSeconds(i))),
        new ImportOptions(null, 1));
    Post original =
        await()
            .atMost(PATIENCE)
            .until(
                () -> pulsegrid.posts(PostsRequest.of("courier"), Paging.first(3)).items(),
                posts -> posts.stream().filter(it -> it.duplicateOf() != null).count() == 2)
            .stream()
            .filter(it -> it.duplicateOf() == null)
            .findAny()
            .orElseThrow();

    // They are counted in PostgreSQL, a moment behind.
    Copies first =
        await()
            .atMost(PATIENCE)
            .until(
                () -> pulsegrid.copies(original.id(), Paging.first(1)),
                it -> Long.valueOf(2).equals(it.copies()));
    assertThat(first.reach()).isEqualTo(new Engagement(0, 0, 0, 0));
    Copies second = pulsegrid.copies(original.id(), Paging.first(1).from(first.next()));
    assertThat(second.copies()).isNull();
    assertThat(Stream.concat(first.items().stream(), second.items().stream()))
        .extracting(Post::nativeId)
        .containsExactly("k2", "k1");
    assertThat(second.next()).isNull();
  }

  @Test
  void embedsLater() {
    CompletableFuture<Integer> dimensions =
        pulsegrid.later(it -> it.embed(List.of("what people talk about")).dimensions());
    assertThat(dimensions.join()).isEqualTo(384);
  }

  @Test
  void hearsWhatHappens() throws Exception {
    BlockingQueue<Event> told = new LinkedBlockingQueue<>();
    try (Subscription _ = pulsegrid.subscribe(Set.of("delivery"), told::add)) {
      ScheduledPost post =
          pulsegrid.schedule(NewScheduledPost.of("Heard", When.now(), grid.channel("heard")));
      String id = post.deliveries().getFirst().id();
      Delivery last = null;
      while (last == null || !last.hasEnded()) {
        Event event = told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        last = event.delivery().id().equals(id) ? event.delivery() : last;
      }
      assertThat(last.state()).isEqualTo("PUBLISHED");
    }
  }

  @Test
  void refusesAsRestDoes() throws Exception {
    assertRefused(
        () -> Pulsegrid.connect(Connection.to("pg_wrong", grid.programs())), "unauthenticated");
    String reader =
        grid.rest()
            .post("/keys", "{\"name\":\"r\",\"scopes\":[\"read\"],\"workspace\":\"default\"}")
            .expect(201)
            .text("token");
    int _ = grid.rest().post("/workspaces", "{\"id\":\"elsewhere\"}").expect(201).status();
    String other =
        grid.rest()
            .post("/keys", "{\"name\":\"o\",\"scopes\":[\"admin\"],\"workspace\":\"elsewhere\"}")
            .expect(201)
            .text("token");
    String channel = grid.channel("guarded");
    NewScheduledPost post = NewScheduledPost.of("Not by this key", When.now(), channel);
    try (Pulsegrid reading = Pulsegrid.connect(Connection.to(reader, grid.programs()))) {
      assertRefused(() -> reading.schedule(post), "forbidden");
      assertRefused(() -> reading.recordAction(channel, "publish"), "forbidden");
      assertRefused(() -> reading.recurring().end("unknown"), "forbidden");
      assertRefused(() -> reading.delivery("unknown"), "not-found");
      assertRefused(
          () -> reading.trends(new TrendsRequest("GLOWING", null, null, Paging.FIRST)), "invalid");
    }
    try (Pulsegrid elsewhere = Pulsegrid.connect(Connection.to(other, grid.programs()))) {
      assertThat(elsewhere.channels(Paging.FIRST).items()).isEmpty();
      assertRefused(() -> elsewhere.schedule(post), "invalid");
      assertRefused(() -> elsewhere.recordAction(channel, "publish"), "not-found");
      assertThat(elsewhere.queue().published()).isZero();
    }
    assertThat(grid.arrived()).doesNotContain("Not by this key");
  }

  @Test
  void listensWhereItIsToldAndNowhereElse() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/net/tcp")), "/proc absent");
    // No port of JMX, of a debugger, nor of anything else that Ignite or Spring may open.
    assertThat(grid.listening()).containsExactlyInAnyOrderElementsOf(grid.doors());
  }

  @Test
  void keepsTheGridsOwnDataFromAdministratorsToo() {
    try (IgniteClient client = raw(grid.key())) {
      assertThat(client.cacheNames()).isNotEmpty();
      for (String cache : client.cacheNames()) {
        assertThatThrownBy(() -> client.cache(cache).get("x"))
            .as(cache)
            .isInstanceOf(ClientException.class);
      }
    }
  }

  @Test
  void answersProgramsOfEarlierContracts() throws Exception {
    Map<String, String> kept = KeptRequests.on(grid, pulsegrid).messages();
    try (IgniteClient client = raw(grid.key())) {
      Door door = client.services().serviceProxy("pulsegrid", Door.class);
      for (Map.Entry<String, String> request : kept.entrySet()) {
        // Nothing here is in doubt; that it was understood is told by what it is refused for.
        String expected = request.getKey().endsWith("deliveries.confirm.txt") ? "409" : "20";
        assertThat(said(door, request.getValue()))
            .as(request.getKey())
            .startsWith("{\"contract\":\"1.3\",\"status\":" + expected);
      }
      String later =
          "{\"contract\":\"1.4\",\"key\":\"KEY\",\"operation\":\"hello\",\"new\":[]}\n{}";
      assertThat(said(door, later.replace("KEY", grid.key()))).contains("\"status\":200");
    }
  }

  private static String said(Door door, String message) {
    return new String(door.call(message.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }

  private static IgniteClient raw(String key) {
    return Ignition.startClient(
        new ClientConfiguration()
            .setAddresses(grid.programs())
            .setUserName("key")
            .setUserPassword(key));
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PulsegridException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }
}
