package io.pulsegrid.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.chaos.node.Answer;
import io.pulsegrid.chaos.node.GridFixture;
import io.pulsegrid.sim.world.Piece;
import io.pulsegrid.sim.world.Place;
import io.pulsegrid.sim.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SurvivalTest {
  private static final Duration RECOVERY = Duration.ofMinutes(4);
  private static final Instant WORLD = Instant.parse("2026-05-12T10:00:00Z");

  @TempDir private Path data;
  private GridFixture grid;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    grid = new GridFixture(data);
    grid.start();
  }

  @AfterEach
  void end() {
    grid.close();
  }

  @Test
  void losesNothingAcknowledgedWhenKilledInTheMiddleOfAnImport() throws Exception {
    String channel = grid.channel("crash");
    List<String> promised = new ArrayList<>();
    for (int i = 0; i < 14; i++) {
      String text = "promised number " + i;
      schedule(channel, text, Instant.now().plusSeconds(5 + 2L * i));
      promised.add(text);
    }
    List<Piece> posts =
        new World(11)
            .between(Place.MASTODON, WORLD.minus(World.MEMORY), WORLD)
            .limit(3_000)
            .toList();
    List<Piece> first = posts.subList(0, 1_000);
    Answer acknowledged = grid.rest().importLines(lines(first)).expect(200);
    assertThat(acknowledged.body().path("accepted").longValue()).isEqualTo(1_000);

    // Its end never comes: however fast the node is, it is killed in the middle.
    try (PipedOutputStream more = new PipedOutputStream();
        InputStream arriving = new PipedInputStream(more, 4 << 20)) {
      more.write(lines(posts.subList(1_000, 2_000)).getBytes(StandardCharsets.UTF_8));
      CompletableFuture<Answer> second = grid.rest().importLater(arriving);
      await().atMost(RECOVERY).until(() -> stored() > 1_400);
      grid.killNode();
      assertThat(second).failsWithin(Duration.ofSeconds(30));
    }
    assertThat(stored()).isBetween(1_400L, 2_000L);
    await().atMost(RECOVERY).until(grid::isReady);

    assertThat(grid.query("SELECT native_id FROM post"))
        .containsAll(first.stream().map(SurvivalTest::nativeId).toList());
    Answer again = grid.rest().importLines(lines(posts)).expect(200);
    assertThat(again.body().path("rejected").longValue()).isZero();
    assertThat(again.body().path("unchanged").longValue()).isGreaterThanOrEqualTo(1_000);
    assertThat(again.body().path("accepted").longValue())
        .isEqualTo(posts.size() - again.body().path("unchanged").longValue());

    await().atMost(RECOVERY).until(() -> isCleanWith(posts.size()));
    await().atMost(RECOVERY).until(() -> grid.arrived().containsAll(promised));
    await().atMost(RECOVERY).until(() -> published() == promised.size());
    assertThat(grid.arrived()).containsExactlyInAnyOrderElementsOf(promised);
    assertThat(grid.violations()).isEmpty();
  }

  @Test
  void continuesWhereItStopped() throws Exception {
    String channel = grid.channel("restart");
    schedule(channel, "soon", Instant.now().plusSeconds(2));
    await().atMost(RECOVERY).until(() -> grid.arrived().contains("soon"));
    String later = schedule(channel, "after the restart", Instant.now().plusSeconds(15));

    List<String> refused = grid.startInVain();
    assertThat(refused).anySatisfy(line -> assertThat(line).contains(data.toString()));
    assertThat(grid.isReady()).isTrue();

    assertThat(grid.stop()).isZero();
    grid.start();
    assertThat(grid.said())
        .as("of the JVM's own, such as [error][cds]")
        .noneMatch(SurvivalTest::isOfTheJvm);
    Answer kept = grid.rest().get("/scheduled-posts/" + later).expect(200);
    assertThat(kept.text("text")).isEqualTo("after the restart");
    await().atMost(RECOVERY).until(() -> grid.arrived().contains("after the restart"));
    await().atMost(RECOVERY).until(() -> published() == 2);
    assertThat(grid.arrived()).containsExactly("soon", "after the restart");

    assertThat(grid.stop()).isZero();
    Path settings = data.resolveSibling("closed.yml");
    Files.writeString(settings, "pulsegrid:\n  net:\n    allow-private: false\n");
    grid.start("--config", settings.toString());
    Answer closed =
        grid.rest()
            .post(
                "/sources",
                "{\"kind\":\"feed\",\"url\":\"%s/feeds/tech.rss\"}".formatted(grid.platforms()));
    assertThat(closed.expect(422).body().at("/errors/0/field").stringValue()).isEqualTo("url");
    assertThat(grid.stop()).isZero();
  }

  private static boolean isOfTheJvm(String line) {
    return line.matches("\\[[0-9.]+s]\\[.*");
  }

  private String schedule(String channel, String text, Instant at)
      throws IOException, InterruptedException {
    String body =
        """
        {"text":"%s","channels":["%s"],"when":{"at":"%s"}}\
        """
            .formatted(text, channel, at);
    return grid.rest().post("/scheduled-posts", body).expect(201).text("id");
  }

  private long stored() throws Exception {
    return Long.parseLong(grid.query("SELECT count(*) FROM post").getFirst());
  }

  private long published() throws Exception {
    return grid.rest().get("/queue").expect(200).body().path("published").longValue();
  }

  private boolean isCleanWith(int posts) throws Exception {
    Answer report = grid.rest().post("/verify", "").expect(200);
    return report.body().path("clean").booleanValue(false)
        && report.body().path("storedPosts").longValue() == posts
        && report.body().path("indexedPosts").longValue() == posts;
  }

  private static String lines(List<Piece> posts) {
    return posts.stream().map(SurvivalTest::line).collect(Collectors.joining("\n"));
  }

  private static String line(Piece post) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("platform", "mastodon").put("nativeId", nativeId(post)).put("author", post.author());
    json.put("text", post.wording().text()).put("publishedAt", post.at().toString());
    return json.toString();
  }

  private static String nativeId(Piece post) {
    return String.valueOf(post.number());
  }
}
