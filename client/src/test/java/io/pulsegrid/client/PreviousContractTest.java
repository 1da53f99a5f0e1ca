package io.pulsegrid.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** This version with grids of earlier minor versions, whose words are kept, and of a later one. */
class PreviousContractTest {
  private static Pulsegrid over(StandInDoor door) {
    return Pulsegrid.over(
        () -> {},
        door,
        Connection.to("pg_key", "nowhere:1"),
        new Calling.Surroundings(System::nanoTime, _ -> {}, () -> "once"));
  }

  @Test
  void asksNoPatienceOfAGridThatDoesNotKnowIt() throws Exception {
    var door = new StandInDoor(kept("1.0", "hello", "posts.get", "events.begin", "events.next"));
    BlockingQueue<Event> told = new LinkedBlockingQueue<>();
    try (Pulsegrid pulsegrid = over(door)) {
      assertThat(pulsegrid.post("mfzwizltoqxwk5dfonsgc3djnz").engagement().likes()).isEqualTo(111);
      try (Subscription _ = pulsegrid.subscribe(Set.of("delivery"), told::add)) {
        Event event = told.poll(20, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        assertThat(event.delivery().state()).isEqualTo("PUBLISHED");
      }
    }
    assertThat(door.asked().subList(2, 4)).noneMatch(message -> message.contains("patienceMillis"));
  }

  @Test
  void readsWhatAnEarlierGridSaysOfPublishing() throws Exception {
    var door =
        new StandInDoor(
            kept(
                "1.1",
                "hello",
                "channels.list",
                "scheduledPosts.create",
                "scheduledPosts.batch",
                "scheduledPosts.get",
                "scheduledPosts.cancel",
                "deliveries.get",
                "deliveries.list",
                "deliveries.why"));
    NewScheduledPost post = NewScheduledPost.of("Kept words", When.now(), "c1");
    try (Pulsegrid pulsegrid = over(door)) {
      assertThat(pulsegrid.channels(Paging.FIRST).items()).hasSize(1);
      assertThat(pulsegrid.schedule(post).resolved().getFirst().zone()).isEqualTo("Europe/Paris");
      BatchResult batch = pulsegrid.scheduleAll(List.of(post, post), false);
      assertThat(batch.created()).isEqualTo(1);
      assertThat(batch.results().getLast().errors()).hasSize(1);
      assertThat(pulsegrid.scheduledPost("p1").deliveries()).hasSize(1);
      pulsegrid.cancel("p1");
      assertThat(pulsegrid.delivery("d1").attemptLog()).hasSize(1);
      assertThat(pulsegrid.deliveries(null, null, Paging.FIRST).items()).hasSize(1);
      // It does not know what came after it, and says so.
      assertThatThrownBy(() -> pulsegrid.why("d1"))
          .isInstanceOfSatisfying(
              PulsegridException.class,
              refused -> assertThat(refused.code()).isEqualTo("not-found"))
          .hasMessageContaining("1.1");
    }
  }

  @Test
  void readsWhatAnEarlierGridHears() throws Exception {
    var door =
        new StandInDoor(
            kept(
                "1.1",
                "hello",
                "posts.import",
                "posts.get",
                "search",
                "embed",
                "trends.list",
                "trends.get",
                "trends.posts"));
    try (Pulsegrid pulsegrid = over(door)) {
      ImportResult imported =
          pulsegrid.importPosts(Stream.of(post("1"), post("2")), ImportOptions.of(null));
      assertThat(imported.rejected()).isEqualTo(1);
      assertThat(pulsegrid.post("p").title()).isEqualTo("Kept words");
      SearchResult found = pulsegrid.search(SearchRequest.forWords("kept"), Paging.FIRST);
      assertThat(found.facets()).containsOnlyKeys("platform");
      assertThat(found.hits().getFirst().highlights()).isNull();
      assertThat(pulsegrid.embed(List.of("a")).vectors()).hasSize(1);
      assertThat(pulsegrid.trends(TrendsRequest.STRONGEST).items()).hasSize(1);
      assertThat(pulsegrid.trend("t").keywords()).contains("rust");
      assertThat(pulsegrid.trendPosts("t", Paging.FIRST).items()).hasSize(1);
    }
  }

  @Test
  void readsWhatAGridOfThePreviousVersionSaysOfSeeingThrough() throws Exception {
    var door =
        new StandInDoor(
            kept(
                "1.2",
                "hello",
                "scheduledPosts.preview",
                "scheduledPosts.replace",
                "scheduledPosts.list",
                "deliveries.why",
                "deliveries.retry",
                "deliveries.cancel",
                "deliveries.confirm",
                "limits.list",
                "alerts.list"));
    NewScheduledPost post = NewScheduledPost.of("Kept words", When.now(), "c1");
    try (Pulsegrid pulsegrid = over(door)) {
      assertThat(pulsegrid.preview(List.of(post, post)).items()).hasSize(2);
      ScheduledPost edited = pulsegrid.replace("p1", post);
      assertThat(edited.resolved().getFirst().zone()).isEqualTo("Europe/Paris");
      assertThat(edited.version()).isZero();
      assertThat(pulsegrid.scheduledPosts(Paging.first(1)).items()).hasSize(1);
      assertThat(pulsegrid.why("d1").waitsFor()).isEqualTo("DUE_TIME");
      assertThat(pulsegrid.retry("d2").hasEnded()).isFalse();
      assertThat(pulsegrid.cancelDelivery("d3").state()).isEqualTo("CANCELLED");
      assertThat(pulsegrid.confirm("d4", true, "r1").remoteId()).isEqualTo("r1");
      assertThat(pulsegrid.rateLimits("c2").getFirst().limit()).isEqualTo(300);
      assertThat(pulsegrid.alerts(AlertsRequest.OPEN).items().getFirst().kind())
          .isEqualTo("FAILED");
    }
    assertThat(door.asked()).noneMatch(message -> message.contains("version"));
  }

  @Test
  void readsWhatAGridOfThePreviousVersionHeard() throws Exception {
    try (Pulsegrid pulsegrid =
        over(new StandInDoor(kept("1.2", "hello", "posts.list", "trends.list", "search")))) {
      assertThat(pulsegrid.posts(PostsRequest.ALL, Paging.first(1)).items()).hasSize(1);
      assertThat(pulsegrid.trends(TrendsRequest.STRONGEST.at(Instant.EPOCH)).note()).isNotNull();
      SearchRequest words = SearchRequest.forWords("kept").highlighted();
      assertThat(pulsegrid.search(words, Paging.first(1)).hits().getFirst().highlights())
          .isNotNull();
    }
  }

  @Test
  void asksNoVersionOfAGridThatHoldsNone() throws Exception {
    var door = new StandInDoor(kept("1.2", "hello", "queue.get"));
    NewScheduledPost post = NewScheduledPost.of("Kept words", When.now(), "c1");
    try (Pulsegrid pulsegrid = over(door)) {
      assertUnknown(() -> pulsegrid.replace("p1", post, 3));
      assertUnknown(() -> pulsegrid.cancel("p1", 3));
      assertThat(door.asked()).as("only the greeting").hasSize(1);
      assertUnknown(pulsegrid::queue);
    }
  }

  private static void assertUnknown(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PulsegridException.class, refused -> assertThat(refused.code()).isEqualTo("not-found"))
        .hasMessageContaining("1.2");
  }

  private static NewPost post(String id) {
    return NewPost.titled("kept", id, "Kept words", Instant.EPOCH);
  }

  @Test
  void passesOverWhatAGridOfTheNextVersionAdds() {
    var door =
        new StandInDoor(
            "{\"contract\":\"1.4\",\"status\":200,\"new\":{}}\n{\"contract\":\"1.4\",\"more\":[1]}",
            "{\"contract\":\"1.4\",\"status\":200}\n{\"model\":\"m\",\"dimensions\":1,"
                + "\"vectors\":[[0.5]],\"later\":true}");
    try (Pulsegrid pulsegrid = over(door)) {
      assertThat(pulsegrid.embed(List.of("a")).vectors().getFirst()).containsExactly(0.5f);
    }
  }

  private static String[] kept(String contract, String... answers) throws IOException {
    String[] texts = new String[answers.length];
    for (int i = 0; i < answers.length; i++) {
      String file = "/contract/" + contract + "/answers/" + answers[i] + ".txt";
      try (InputStream in = PreviousContractTest.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new IOException("no fixture " + file);
        }
        texts[i] = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
    return texts;
  }
}
