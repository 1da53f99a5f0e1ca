package io.pulsegrid.chaos.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.chaos.node.GridFixture;
import io.pulsegrid.client.BatchResult;
import io.pulsegrid.client.Connection;
import io.pulsegrid.client.Delivery;
import io.pulsegrid.client.Event;
import io.pulsegrid.client.ImportOptions;
import io.pulsegrid.client.ImportResult;
import io.pulsegrid.client.NewPost;
import io.pulsegrid.client.NewScheduledPost;
import io.pulsegrid.client.Paging;
import io.pulsegrid.client.Post;
import io.pulsegrid.client.Pulsegrid;
import io.pulsegrid.client.PulsegridException;
import io.pulsegrid.client.ScheduledPost;
import io.pulsegrid.client.SearchRequest;
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
  private static final Path REQUESTS = Path.of("src/test/resources/contract/1.0/requests");

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
    BatchResult result =
        pulsegrid.scheduleAll(
            List.of(
                NewScheduledPost.of("One", later, channel).on("mastodon", "One, here"),
                NewScheduledPost.of("", later, channel)),
            false);
    assertThat(result.created()).isEqualTo(1);
    assertThat(result.results().getLast().errors())
        .anySatisfy(error -> assertThat(error.field()).isEqualTo("text"));
    String id = String.valueOf(result.results().getFirst().id());
    assertThat(pulsegrid.scheduledPost(id).resolved().getFirst().adjustment()).isEqualTo("GAP");
    pulsegrid.cancel(id);
    assertThat(pulsegrid.deliveries("CANCELLED", channel, Paging.first(5)).items()).hasSize(1);
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
    ImportResult result = pulsegrid.importPosts(posts, ImportOptions.of(null));
    assertThat(result.accepted()).isEqualTo(2_500);

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
    Post found =
        pulsegrid
            .search(SearchRequest.forWords("walruses").on("newsletter"), Paging.first(3))
            .hits()
            .getFirst()
            .post();
    assertThat(pulsegrid.post(found.id()).title()).contains("walruses");
    await()
        .atMost(PATIENCE)
        .until(() -> !pulsegrid.trends(TrendsRequest.STRONGEST).items().isEmpty());
    Trend trend = pulsegrid.trends(TrendsRequest.STRONGEST).items().getFirst();
    assertThat(pulsegrid.trendPosts(trend.id(), Paging.first(2)).items()).isNotEmpty();
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
          () -> reading.trends(new TrendsRequest("GLOWING", null, Paging.FIRST)), "invalid");
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
  void answersProgramsOfThePreviousContract() throws IOException {
    try (IgniteClient client = raw(grid.key());
        Stream<Path> kept = Files.list(REQUESTS)) {
      Door door = client.services().serviceProxy("pulsegrid", Door.class);
      List<Path> requests = kept.sorted().toList();
      assertThat(requests).isNotEmpty();
      for (Path request : requests) {
        String message = Files.readString(request).replace("KEY", grid.key());
        String answer =
            new String(door.call(message.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
        assertThat(answer)
            .as(request.toString())
            .startsWith("{\"contract\":\"1.1\",\"status\":200}");
      }
      String later =
          "{\"contract\":\"1.2\",\"key\":\"KEY\",\"operation\":\"hello\",\"new\":[]}\n{}";
      String answer =
          new String(
              door.call(later.replace("KEY", grid.key()).getBytes(StandardCharsets.UTF_8)),
              StandardCharsets.UTF_8);
      assertThat(answer).contains("\"status\":200");
    }
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
