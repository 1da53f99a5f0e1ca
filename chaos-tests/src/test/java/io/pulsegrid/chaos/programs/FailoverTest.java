package io.pulsegrid.chaos.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.chaos.judge.Arrivals;
import io.pulsegrid.chaos.node.Allowed;
import io.pulsegrid.chaos.node.LocalGrid;
import io.pulsegrid.chaos.node.Shell;
import io.pulsegrid.client.Connection;
import io.pulsegrid.client.ImportOptions;
import io.pulsegrid.client.ImportResult;
import io.pulsegrid.client.NewPost;
import io.pulsegrid.client.NewScheduledPost;
import io.pulsegrid.client.Pulsegrid;
import io.pulsegrid.client.ScheduledPost;
import io.pulsegrid.client.When;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A program at work on two nodes, one of which dies or stands still under it. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FailoverTest {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
  private static final int AFTER_ITS_DEATH = 2_000;
  private static final int PUBLISHED = 60;
  private static final int CHANNELS = 4;

  private Sim platforms;
  private LocalGrid grid;
  private List<String> channels;

  @BeforeAll
  void start(@TempDir Path work) throws Exception {
    platforms = Sim.start(SimOptions.local(0));
    Allowed allowed = new Allowed(8, List.of(new Allowed.Window(300, 10_800)));
    grid = LocalGrid.start(2, work, platforms.uri(), Map.of(), allowed);
    channels = channels(grid);
  }

  @AfterAll
  void end() {
    grid.close();
    platforms.close();
  }

  @Test
  @Order(1)
  void goesOnAtTheOtherNodeAndNeitherLosesNorDoublesAnything() throws Exception {
    try (Pulsegrid pulsegrid = program(PATIENCE)) {
      AtomicInteger drawn = new AtomicInteger();
      AtomicInteger end = new AtomicInteger(Integer.MAX_VALUE);
      AtomicInteger promised = new AtomicInteger();
      AtomicBoolean enough = new AtomicBoolean();
      CompletableFuture<ImportResult> imported =
          pulsegrid.later(it -> it.importPosts(posts(drawn, end), new ImportOptions(null, 1)));
      CompletableFuture<Void> scheduled =
          pulsegrid.later(
              it -> {
                while (!enough.get() || promised.get() < PUBLISHED) {
                  it.schedule(post("promised", promised.get()));
                  promised.incrementAndGet();
                }
                return null;
              });
      await()
          .atMost(PATIENCE)
          .until(() -> count("post") >= 1_000 && promised.get() >= PUBLISHED / 2);
      Shell.signal("KILL", List.of(grid.pid(0)));
      await().atMost(PATIENCE).until(() -> !grid.isReady(0));
      end.set(drawn.get() + AFTER_ITS_DEATH);
      assertThat(imported).as("the import is in the middle").isNotDone();
      int atItsDeath = promised.get();
      await()
          .atMost(PATIENCE)
          .failFast("scheduling failed", scheduled::isCompletedExceptionally)
          .until(() -> promised.get() > atItsDeath + 10 || grid.isReady(0));
      assertThat(promised.get()).as("taken by the other node").isGreaterThan(atItsDeath + 10);

      ImportResult result = imported.join();
      await().atMost(PATIENCE).until(() -> grid.isReady(0) && grid.isReady(1));
      enough.set(true);
      scheduled.join();

      assertThat(result.rejected()).isZero();
      assertThat(result.accepted() + result.unchanged()).isEqualTo(drawn.get());
      assertThat(count("post")).isEqualTo(drawn.get());
      assertThat(scheduled("promised"))
          .containsExactlyInAnyOrderElementsOf(promises(promised.get()));
      List<String> due = promises(PUBLISHED);
      await()
          .atMost(PATIENCE)
          .until(() -> Arrivals.at(platforms.uri()).byText().keySet().containsAll(due));
      Arrivals arrived = Arrivals.at(platforms.uri());
      assertThat(arrived.byText().keySet()).containsExactlyInAnyOrderElementsOf(due);
      assertThat(arrived.doubled()).isEmpty();
    }
  }

  // Last: when the node that stood still learns that it is out of the grid is up to chance.
  @Test
  @Order(2)
  void leavesANodeThatStandsStillForTheOther() throws Exception {
    Duration patience = Duration.ofSeconds(45);
    try (Pulsegrid pulsegrid = program(patience)) {
      List<Long> still = List.of(grid.pid(0));
      Shell.signal("STOP", still);
      List<String> told = new ArrayList<>();
      try {
        // Spread over both nodes, some of them meet the one that says nothing.
        List<CompletableFuture<ScheduledPost>> asked =
            IntStream.range(PUBLISHED, PUBLISHED + 20)
                .mapToObj(i -> pulsegrid.later(it -> it.schedule(post("meanwhile", i))))
                .toList();
        for (CompletableFuture<ScheduledPost> one : asked) {
          told.add(one.get(patience.multipliedBy(2).toSeconds(), TimeUnit.SECONDS).text());
        }
      } finally {
        Shell.signal("CONT", still);
      }
      assertThat(told).doesNotHaveDuplicates().hasSize(20);
      assertThat(scheduled("meanwhile")).containsExactlyInAnyOrderElementsOf(told);
    }
  }

  /** Posts without end, until there is one. */
  private static Stream<NewPost> posts(AtomicInteger drawn, AtomicInteger end) {
    return IntStream.iterate(0, i -> i < end.get(), i -> i + 1)
        .mapToObj(
            i -> {
              drawn.set(i + 1);
              return NewPost.titled("newsletter", "n" + i, "Letter " + i + " on walruses", NOON);
            });
  }

  private NewScheduledPost post(String name, int number) {
    When when = number < PUBLISHED ? When.now() : When.at(Instant.now().plus(Duration.ofDays(300)));
    return NewScheduledPost.of(text(name, number), when, channels.get(number % CHANNELS));
  }

  private static String text(String name, int number) {
    return name + " number " + number;
  }

  private static List<String> promises(int count) {
    return IntStream.range(0, count).mapToObj(i -> text("promised", i)).toList();
  }

  private List<String> scheduled(String name) throws Exception {
    return grid.store().column("SELECT text FROM scheduled_post WHERE text LIKE '" + name + " %'");
  }

  private Pulsegrid program(Duration patience) {
    return Pulsegrid.connect(
        Connection.to(grid.key(), grid.programs(0), grid.programs(1)).with(patience));
  }

  private long count(String table) throws Exception {
    return Long.parseLong(grid.store().column("SELECT count(*) FROM " + table).getFirst());
  }

  private static List<String> channels(LocalGrid grid) throws IOException, InterruptedException {
    List<String> channels = new ArrayList<>();
    for (int i = 0; i < CHANNELS; i++) {
      String body =
          """
          {"platform":"mastodon","handle":"@failover%d","baseUrl":"%s/mastodon","zone":"UTC",
           "credentials":{"accessToken":"t-failover-%d"}}\
          """
              .formatted(i, grid.platforms(), i);
      channels.add(grid.rest(1).post("/channels", body).expect(201).text("id"));
    }
    return channels;
  }
}
