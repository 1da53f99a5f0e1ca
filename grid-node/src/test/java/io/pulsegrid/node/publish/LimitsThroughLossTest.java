package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.When;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A limit as the platform counts it, while what the grid counted is lost again and again. */
class LimitsThroughLossTest {
  private static final int LIMIT = 6;
  private static final Duration WINDOW = Duration.ofSeconds(4);
  private static final int POSTS = 24;

  private final EngineFixture fixture = new EngineFixture(3);

  @AfterEach
  void close() {
    fixture.close();
  }

  /** What was delayed until its time counts against the limit like anything else. */
  @Test
  void isNeverExceededWhoeverDiesAndWhateverIsLost() {
    fixture.limit(LIMIT, WINDOW);
    postThroughLosses(1);
  }

  @Test
  void thatOfTheAppIsNotExceededEitherByAllItsChannelsTogether() {
    fixture.appLimit(LIMIT, WINDOW);
    postThroughLosses(6);
  }

  private void postThroughLosses(int channels) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    fixture.timeout = Duration.ofSeconds(1);
    fixture.start();
    List<String> spread =
        IntStream.range(0, channels).mapToObj(i -> fixture.channel("t-limited-" + i)).toList();
    When when = new When.At(Instant.now().plusSeconds(1));
    for (int i = 0; i < POSTS; i++) {
      ScheduledPost.Draft draft = LedgerFixture.draft("post " + i, when, spread.get(i % channels));
      var _ = fixture.engines.get(i % 3).publishing().schedule(WORKSPACE, draft);
    }

    // All copies of the count are lost, twice, at moments of no choice; then a node dies.
    for (int loss = 0; loss < 2; loss++) {
      int next = fixture.arrived().size() + 1 + random.nextInt(LIMIT);
      await()
          .atMost(Duration.ofSeconds(40))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> fixture.arrived().size() >= Math.min(next, POSTS));
      fixture.grid.node(1).cache("limit").clear();
      fixture.grid.node(1).cache("app-limit").clear();
    }
    fixture.engines.getFirst().stop();
    fixture.grid.stop(0);

    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> fixture.engines.getLast().publishing().counts(WORKSPACE).published() == POSTS);
    assertThat(fixture.violations()).as("seed %d", seed).isEmpty();
    assertThat(fixture.arrived()).hasSize(POSTS);
  }
}
