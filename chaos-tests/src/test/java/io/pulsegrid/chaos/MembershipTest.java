package io.pulsegrid.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.chaos.fault.Fault;
import io.pulsegrid.chaos.fault.Scene;
import io.pulsegrid.chaos.judge.Trials;
import io.pulsegrid.chaos.judge.Verdict;
import io.pulsegrid.chaos.load.Workload;
import io.pulsegrid.chaos.node.NeighboursGrid;
import io.pulsegrid.chaos.node.NeighboursGrid.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who belongs to a grid: one grid for all of it, each node with a launcher of its own. */
class MembershipTest {
  private static final int NODES = 3;
  private static final long SEED = 4;
  private static final Pattern PROGRESS = Pattern.compile("^starting |^WARNING: |still starting");
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Trials.Pace PACE =
      new Trials.Pace(Duration.ofSeconds(2), Duration.ofSeconds(2));

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path work;

  private static Platforms platforms;
  private static NeighboursGrid grid;

  @BeforeAll
  static void startAtTheSameInstant() throws Exception {
    platforms = Platforms.start();
    grid = NeighboursGrid.start(NODES, work, platforms.local());
  }

  @AfterAll
  static void stop() {
    grid.close();
    platforms.close();
  }

  @Test
  void nodesThatStartAtTheSameInstantAreOneGrid() throws Exception {
    for (int node = 0; node < NODES; node++) {
      List<JsonNode> seen = nodes(node);
      assertThat(seen)
          .as("what node %d sees", node)
          .extracting(one -> one.path("state").asString(""))
          .containsExactly("ready", "ready", "ready");
      assertThat(seen).extracting(MembershipTest::primaries).allMatch(count -> count > 0);
    }
    assertThat(expected()).isEqualTo(NODES);
  }

  @Test
  void aNodeWithAnotherStoreIsTurnedAwayInOneLine() throws Exception {
    isTurnedAway(
        grid.startOnAnotherStore(),
        "the grid turned this node away: its store is ",
        "set the same pulsegrid.store.url on all nodes");
  }

  @Test
  void aNodeWithAnotherCredentialKeyIsTurnedAwayInOneLine() throws Exception {
    isTurnedAway(
        grid.startWithAnotherKey(), "credentials.key holds the key of fingerprint ", "put the");
  }

  @Test
  void aFourthNodeThatComesAndIsDrainedTakesWorkAndLosesNothing() throws Exception {
    ComingAndGoing fourth = new ComingAndGoing();
    Verdict verdict = tried(fourth);

    assertThat(fourth.primaries).isPositive();
    assertThat(fourth.expectedWithIt).isEqualTo(NODES + 1);
    assertThat(fourth.ended).isPresent();
    assertThat(fourth.ended.orElseThrow().code()).isZero();
    assertThat(expected()).isEqualTo(NODES);
    assertThat(nodes(0)).hasSize(NODES);
    assertThat(verdict.surprises()).isEmpty();
    assertThat(verdict.findings().lost()).isEmpty();
    assertThat(verdict.findings().doubled()).isEmpty();
    assertThat(verdict.holds()).as("as the whole matrix must").isTrue();
    assertThat(verdict.load().posts()).isPositive();
    assertThat(verdict.load().promises()).isPositive();
    assertThat(
            verdict.costs().service().searchesFailed() + verdict.costs().service().searchesShort())
        .isZero();
  }

  /** A node more that joins, works, and is drained again. */
  private static final class ComingAndGoing implements Fault {
    private int primaries;
    private int expectedWithIt;
    private Optional<Ended> ended = Optional.empty();

    @Override
    public String name() {
      return "come-and-go";
    }

    @Override
    public String story() {
      return "a fourth node joins, works, and is drained";
    }

    @Override
    public Duration length() {
      return Duration.ZERO;
    }

    @Override
    public boolean isPlanned() {
      return true;
    }

    @Override
    public void inject(Scene scene) throws Exception {
      int index = grid.join();
      await().atMost(SOON).until(() -> primaries(fourth(index)) > 0);
      primaries = primaries(fourth(index));
      await().atMost(SOON).until(() -> expected() == NODES + 1);
      expectedWithIt = expected();
      String id = fourth(index).path("id").asString("");
      assertThat(grid.rest(0).post("/nodes/" + id + "/drain", "").expect(202).body())
          .hasToString("{\"id\":\"%s\",\"expected\":%d}".formatted(id, NODES));
      ended = Optional.of(grid.awaitEnd(index));
    }

    private static JsonNode fourth(int index) throws IOException, InterruptedException {
      return nodes(0).stream()
          .filter(one -> one.path("http").asString("").equals(grid.url(index).toString()))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Verdict tried(Fault fault) throws Exception {
    try (Workload workload = new Workload(grid, SEED, "member")) {
      workload.start("member");
      Trials.Place place = new Trials.Place(grid, null, null, platforms.local());
      return new Trials(place, workload, new SplittableRandom(SEED), PACE, System.out::println)
          .of(fault);
    }
  }

  /** The stranger ends with 1 and one line of what to mend; the grid takes posts all the while. */
  private static void isTurnedAway(Ended stranger, String reason, String remedy) throws Exception {
    assertThat(stranger.code()).isEqualTo(1);
    assertThat(stranger.lines())
        .filteredOn(line -> !PROGRESS.matcher(line).find())
        .singleElement()
        .asString()
        .startsWith("pulsegrid: ")
        .contains(reason)
        .contains(remedy);
    assertThat(nodes(0)).hasSize(NODES);
    assertThat(expected()).isEqualTo(NODES);
    String line =
        """
        {"platform":"chaos","nativeId":"after-%s","text":"goes on"}\
        """
            .formatted(Instant.now());
    assertThat(grid.rest(1).importLines(line).expect(200).body().path("accepted").intValue())
        .isOne();
  }

  private static List<JsonNode> nodes(int asked) throws IOException, InterruptedException {
    return grid.rest(asked).get("/nodes").expect(200).body().path("items").valueStream().toList();
  }

  private static int primaries(JsonNode node) {
    return node.path("primaries").intValue();
  }

  private static int expected() throws SQLException {
    return Integer.parseInt(grid.store().column("SELECT expected FROM grid_size").getFirst());
  }
}
