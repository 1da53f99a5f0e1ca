package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
  private static final Channel.Credentials AFTER =
      new Channel.Credentials(Map.of("accessToken", "t-after"));

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

      assertThatThrownBy(() -> fixture.pause(paused, false)).hasMessageContaining(kept);
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

  /** It would be looked for where it is not, and sent a second time. */
  @Test
  void aPostInDoubtIsAskedAboutAtTheAccountThatSentIt() {
    try (EngineFixture fixture = new EngineFixture(1)) {
      String channel = fixture.channel("t-before");
      fixture.start();
      await().atMost(SOON).until(() -> fixture.account(channel) != null);
      fixture.faultAt("mastodon", "statuses", "500", 1_000, "");
      fixture.fault("create-then-close", 1, "");
      Delivery doubtful = fixture.publish(channel, "sent by the one");
      fixture.awaitState(doubtful, DeliveryState.UNCONFIRMED, SOON);

      assertThatThrownBy(() -> fixture.credentials(channel, AFTER))
          .hasMessageContaining("another account");
      fixture.faultAt("mastodon", "verify", "500", 1_000, "");
      assertThatThrownBy(() -> fixture.credentials(channel, AFTER))
          .hasMessageContaining("does not say");
      fixture.noFaults();
      fixture.awaitState(doubtful, DeliveryState.PUBLISHED, SOON);
      String before = fixture.account(channel);
      fixture.credentials(channel, AFTER);

      assertThat(fixture.account(channel)).isNotNull().isNotEqualTo(before);
      assertThat(fixture.arrived()).hasSize(1);
    }
  }

  @Test
  void aChannelWithNothingInDoubtMayMoveToAnotherAccount() {
    try (EngineFixture fixture = new EngineFixture(1)) {
      String channel = fixture.channel("t-before");
      fixture.start();
      await().atMost(SOON).until(() -> fixture.account(channel) != null);
      String before = fixture.account(channel);
      fixture.awaitState(fixture.publish(channel, "one"), DeliveryState.PUBLISHED, SOON);

      fixture.faultAt("mastodon", "verify", "500", 1_000, "");
      fixture.credentials(channel, AFTER);
      assertThat(fixture.account(channel)).isNull();
      fixture.rename(channel, "@renamed");
      fixture.noFaults();
      fixture.identifySoon(channel);

      await().atMost(SOON).until(() -> fixture.account(channel) != null);
      assertThat(fixture.account(channel)).isNotEqualTo(before);
      assertThat(fixture.paused(channel)).isFalse();
    }
  }

  /** A change of something else must not make the question forgotten. */
  @Test
  void aQuestionStaysOpenUntilItIsAnswered() {
    try (EngineFixture fixture = new EngineFixture(1)) {
      fixture.faultAt("mastodon", "verify", "500", 1_000, "");
      String channel = fixture.channel("t-open");
      fixture.pause(channel, true);
      fixture.pause(channel, false);
      fixture.rename(channel, "@me");
      fixture.noFaults();
      fixture.start();
      await().atMost(SOON).until(() -> fixture.account(channel) != null);
    }
  }
}
