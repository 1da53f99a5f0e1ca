package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.When;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TwoNodesTest {
  private static final int CHANNELS = 10;
  private static final int POSTS = 20;

  /** So many channels that each node surely looks after some. */
  private static final int MANY = 30;

  private final EngineFixture fixture = new EngineFixture(2);

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Of two posts at the same instant others sent one. */
  @Test
  void everyDeliveryDueAtTheSameInstantGoesOutOnceWhicheverNodeFindsIt() {
    fixture.start();
    List<String> channels = channels(CHANNELS);
    When when = new When.At(Instant.now().plusSeconds(3));
    for (int i = 0; i < POSTS; i++) {
      ScheduledPost.Draft draft =
          new ScheduledPost.Draft(
              "post " + i, channels, when, Map.of(), i % 10, Duration.ofHours(1));
      // Asked of either node: the other may be the one that looks after the channel.
      var _ = fixture.engines.get(i % 2).publishing().schedule(WORKSPACE, draft);
    }

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> fixture.publishing().counts(WORKSPACE).published() == (long) CHANNELS * POSTS);

    List<JsonNode> arrived = fixture.arrived();
    assertThat(arrived).hasSize(CHANNELS * POSTS);
    assertThat(PublishingEngineTest.keys(fixture)).hasSize(CHANNELS * POSTS);
    assertThat(nodesThatCalled()).hasSize(2);
    assertThat(
            fixture.base.jdbc.queryForObject(
                "SELECT count(*) FROM attempt WHERE outcome <> 'accepted'", Long.class))
        .isZero();
    assertThat(
            fixture
                .publishing()
                .listDeliveries(
                    WORKSPACE,
                    DeliveryState.PUBLISHED,
                    null,
                    io.pulsegrid.core.page.PageRequest.first())
                .items())
        .allSatisfy(one -> assertThat(one.attempts()).isEqualTo(1));
  }

  @Test
  void aStopOfEverythingHoldsBeforeTheNextArmOnBoth() {
    fixture.start();
    List<String> channels = channels(MANY);
    fixture.engines.getFirst().publishing().pause();

    List<Delivery> waiting = postOn(channels);
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(30))
        .until(() -> fixture.arrived().isEmpty() && armed(waiting) == 0);

    fixture.engines.getLast().publishing().resume();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> fixture.publishing().counts(WORKSPACE).published() == MANY);
    assertThat(nodesThatCalled()).hasSize(2);
  }

  @Test
  void howManyCallsAtOnceIsChangedOnBothWhileTheyRun() {
    fixture.concurrency = 1;
    fixture.timeout = Duration.ofMinutes(1);
    fixture.start();
    fixture.fault("delay", MANY, ",\"delayMs\":120000");
    List<Delivery> hanging = postOn(channels(MANY));
    await().atMost(Duration.ofSeconds(30)).until(() -> armed(hanging) == 2);

    var _ = fixture.engines.getFirst().workers().change("mastodon", 2);

    await().atMost(Duration.ofSeconds(30)).until(() -> armed(hanging) == 4);
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(30))
        .until(() -> armed(hanging) == 4);
  }

  private List<String> channels(int count) {
    return IntStream.range(0, count).mapToObj(i -> fixture.channel("t-two-" + i)).toList();
  }

  private List<Delivery> postOn(List<String> channels) {
    return channels.stream().map(channel -> fixture.publish(channel, "post")).toList();
  }

  private long armed(List<Delivery> deliveries) {
    return deliveries.stream().filter(one -> fixture.state(one) == DeliveryState.ARMED).count();
  }

  private List<String> nodesThatCalled() {
    return fixture.base.jdbc.queryForList("SELECT DISTINCT node FROM attempt", String.class);
  }
}
