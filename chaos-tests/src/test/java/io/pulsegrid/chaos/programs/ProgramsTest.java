package io.pulsegrid.chaos.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.chaos.node.GridFixture;
import io.pulsegrid.client.AlertsRequest;
import io.pulsegrid.client.BatchResult;
import io.pulsegrid.client.Connection;
import io.pulsegrid.client.Delivery;
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
import io.pulsegrid.client.ScheduledPost;
import io.pulsegrid.client.SearchRequest;
import io.pulsegrid.client.SearchResult;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node, started once, used as programs use it. */
class ProgramsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path REQUESTS = Path.of("src/test/resources/contract");

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
        .satisfies(it -> assertThat(it.text()).isEqualTo("A second thought"));
    Delivery cancelled = pulsegrid.cancelDelivery(edited.deliveries().getFirst().id());
    assertThat(cancelled.state()).isEqualTo("CANCELLED");
  }

  @Test
  void seesAFailedDeliveryThrough() throws Exception {
    String channel = grid.rest().post("/channels", channelAt("/mistyped")).expect(201).text("id");
    ScheduledPost post =
        pulsegrid.schedule(NewScheduledPost.of("Refused at first", When.now(), channel));
    Delivery failed = pulsegrid.follow(post.deliveries().getFirst().id(), PATIENCE);
    assertThat(failed.state()).isEqualTo("FAILED");
    assertThat(
            pulsegrid
                .alerts(new AlertsRequest("failed", failed.dueAt(), true, Paging.FIRST))
                .items())
        .anySatisfy(alert -> assertThat(alert.delivery()).isEqualTo(failed.id()));
    assertRefused(() -> pulsegrid.confirm(failed.id(), true, null), "conflict");

    grid.rest()
        .send("PUT", "/channels/" + channel, "application/json", channelAt("/mastodon"))
        .expect(200);
    assertThat(pulsegrid.retry(failed.id()).hasEnded()).isFalse();
    assertThat(pulsegrid.follow(failed.id(), PATIENCE).state()).isEqualTo("PUBLISHED");
    assertThat(pulsegrid.why(failed.id()).waitsFor()).isEqualTo("NOTHING");
  }

  private static String channelAt(String path) {
    return """
        {"platform":"mastodon","handle":"@through","baseUrl":"%s%s","zone":"UTC",
         "credentials":{"accessToken":"t-through"}}\
        """
        .formatted(grid.platforms(), path);
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
      assertRefused(() -> reading.delivery("unknown"), "not-found");
      assertRefused(
          () -> reading.trends(new TrendsRequest("GLOWING", null, null, Paging.FIRST)), "invalid");
    }
    try (Pulsegrid elsewhere = Pulsegrid.connect(Connection.to(other, grid.programs()))) {
      assertThat(elsewhere.channels(Paging.FIRST).items()).isEmpty();
      assertRefused(() -> elsewhere.schedule(post), "invalid");
    }
    assertThat(grid.arrived()).doesNotContain("Not by this key");
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
    Map<String, String> here = whatTheyAskFor();
    try (IgniteClient client = raw(grid.key());
        Stream<Path> kept = Files.walk(REQUESTS)) {
      Door door = client.services().serviceProxy("pulsegrid", Door.class);
      List<Path> requests = kept.filter(Files::isRegularFile).sorted().toList();
      assertThat(requests).hasSizeGreaterThan(20);
      for (Path request : requests) {
        String message = Files.readString(request);
        for (Map.Entry<String, String> entry : here.entrySet()) {
          message = message.replace(entry.getKey(), entry.getValue());
        }
        assertThat(said(door, message))
            .as(request.toString())
            .startsWith("{\"contract\":\"1.2\",\"status\":20");
      }
      String later =
          "{\"contract\":\"1.3\",\"key\":\"KEY\",\"operation\":\"hello\",\"new\":[]}\n{}";
      assertThat(said(door, later.replace("KEY", grid.key()))).contains("\"status\":200");
    }
  }

  /** What stands in a kept request for what is on this grid. */
  private static Map<String, String> whatTheyAskFor() throws Exception {
    String channel = grid.channel("kept");
    When later = When.at(Instant.parse("2027-12-01T08:00:00Z"));
    ScheduledPost post = pulsegrid.schedule(NewScheduledPost.of("Kept", later, channel));
    NewPost kept = NewPost.titled("kept", "1", "Kept words", Instant.parse("2026-11-01T12:00:00Z"));
    ImportResult _ = pulsegrid.importPosts(Stream.of(kept), ImportOptions.of(null));
    Post imported = pulsegrid.posts(PostsRequest.of("kept"), Paging.FIRST).items().getFirst();
    await().atMost(PATIENCE).until(() -> pulsegrid.post(imported.id()).trendId() != null);
    return Map.of(
        "KEY", grid.key(),
        "A_CHANNEL", channel,
        "A_POST", post.id(),
        "A_DELIVERY", post.deliveries().getFirst().id(),
        "A_TREND", String.valueOf(pulsegrid.post(imported.id()).trendId()),
        "AN_IMPORTED", imported.id());
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
