package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Channels whose platform did not say, when they were made, whose account they speak for. */
class AccountsTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void ofTwoChannelsOfOneAccountOneIsPaused() {
    try (EngineFixture fixture = new EngineFixture(2)) {
      String first = fixture.channel("t-twice");
      String second = fixture.channel("t-twice");
      String other = fixture.channel("t-once");
      fixture.start();

      await().atMost(SOON).until(() -> fixture.paused(first) != fixture.paused(second));
      String kept = fixture.paused(first) ? second : first;
      String paused = fixture.paused(first) ? first : second;
      await().atMost(SOON).until(() -> fixture.account(other) != null);
      assertThat(fixture.account(kept)).isNotNull().isNotEqualTo(fixture.account(other));
      assertThat(fixture.account(paused)).isNull();
      assertThat(fixture.paused(other)).isFalse();
      assertThat(fixture.alerts(paused))
          .singleElement()
          .asString()
          .startsWith("its credentials open the account of channel " + kept);

      Delivery held = fixture.publish(paused, "not this");
      Delivery sent = fixture.publish(kept, "this");
      fixture.awaitState(sent, DeliveryState.PUBLISHED, SOON);
      assertThat(fixture.state(held)).isEqualTo(DeliveryState.SCHEDULED);
    }
  }

  @Test
  void aPlatformThatDoesNotAnswerStopsNobody() {
    try (EngineFixture fixture = new EngineFixture(1)) {
      fixture.faultAt("mastodon", "verify", "500", 100, "");
      String channel = fixture.channel("t-quiet");
      fixture.start();

      Delivery sent = fixture.publish(channel, "all the same");
      fixture.awaitState(sent, DeliveryState.PUBLISHED, SOON);
      await()
          .atMost(SOON)
          .until(() -> fixture.identifiedIn(channel).compareTo(Duration.ofMinutes(5)) > 0);
      assertThat(fixture.account(channel)).isNull();
      assertThat(fixture.paused(channel)).isFalse();
    }
  }

  @Test
  void newCredentialsOfAnotherAccountStopTheChannel() {
    try (EngineFixture fixture = new EngineFixture(1)) {
      String channel = fixture.channel("t-before");
      fixture.start();
      await().atMost(SOON).until(() -> fixture.account(channel) != null);

      // Given while the platform does not say whose they are.
      fixture.faultAt("mastodon", "verify", "500", 100, "");
      fixture.credentials(channel, new Channel.Credentials(Map.of("accessToken", "t-after")));
      assertThat(fixture.paused(channel)).isFalse();
      fixture.noFaults();
      fixture.identifySoon(channel);

      await().atMost(SOON).until(() -> fixture.paused(channel));
      assertThat(fixture.alerts(channel))
          .singleElement()
          .asString()
          .startsWith("its credentials open another account");
    }
  }
}
