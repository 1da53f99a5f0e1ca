package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.limit.CustomLimits;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.node.limits.LimitRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What people say of limits while everything runs, on two nodes. */
class CustomLimitsTest {
  private static final Duration SOON = Duration.ofSeconds(40);

  private final EngineFixture fixture = new EngineFixture(2).start();
  private final CustomLimits limits = fixture.customLimits();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** One account at its limit must not starve the others. */
  @Test
  void aChannelAtItsOwnLimitDelaysNoOtherAndGoesOnWhenTheLimitIsTakenBack() {
    String limited = fixture.channel("t-limited");
    limits.set(WORKSPACE, "channel:" + limited, "publish", 86_400, 1);
    everyNodeLooks();
    List<Delivery> held = publish(limited, 3);
    await().atMost(SOON).until(() -> published(held) == 1);

    List<Delivery> others =
        IntStream.range(0, 6)
            .mapToObj(i -> fixture.publish(fixture.channel("t-free-" + i), "free " + i))
            .toList();
    await().atMost(SOON).until(() -> published(others) == others.size());
    await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> published(held) == 1);

    limits.remove(WORKSPACE, "channel:" + limited, null, null);
    everyNodeLooks();
    await().atMost(Duration.ofSeconds(10)).until(() -> published(held) == held.size());
    assertThat(fixture.arrived()).hasSize(held.size() + others.size());
  }

  @Test
  void aBlockThatIsLiftedLetsOutWhatItHeldBack() {
    String channel = fixture.channel("t-blocked");
    limits.block(WORKSPACE, "channel:" + channel, Instant.now().plusSeconds(86_400), "holidays");
    List<Delivery> held = publish(channel, 1);
    await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> published(held) == 0);

    fixture.limits().unblock(WORKSPACE, "channel:" + channel);
    everyNodeLooks();
    await().atMost(Duration.ofSeconds(10)).until(() -> published(held) == 1);
  }

  private List<Delivery> publish(String channel, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> fixture.publish(channel, "post " + i + " on " + channel))
        .toList();
  }

  /** As each does by itself once a second. */
  private void everyNodeLooks() {
    fixture.rules.forEach(LimitRules::look);
  }

  private long published(List<Delivery> deliveries) {
    return deliveries.stream().filter(one -> fixture.state(one) == DeliveryState.PUBLISHED).count();
  }
}
