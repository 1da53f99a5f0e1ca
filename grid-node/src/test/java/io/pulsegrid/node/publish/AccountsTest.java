package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
      await().atMost(SOON).until(() -> account(fixture, other) != null);
      assertThat(account(fixture, kept)).isNotNull().isNotEqualTo(account(fixture, other));
      assertThat(account(fixture, paused)).isNull();
      assertThat(fixture.paused(other)).isFalse();
      assertThat(alerts(fixture, paused))
          .singleElement()
          .asString()
          .startsWith("its credentials open the account of channel " + kept);

      assertThatThrownBy(() -> pause(fixture, paused, false)).hasMessageContaining(kept);
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
          .until(() -> identifiedIn(fixture, channel).compareTo(Duration.ofMinutes(5)) > 0);
      assertThat(account(fixture, channel)).isNull();
      assertThat(fixture.paused(channel)).isFalse();
    }
  }

  /** It would be looked for where it is not, and sent a second time. */
  @Test
  void aPostInDoubtIsAskedAboutAtTheAccountThatSentIt() {
    try (EngineFixture fixture = new EngineFixture(1)) {
      String channel = fixture.channel("t-before");
      fixture.start();
      await().atMost(SOON).until(() -> account(fixture, channel) != null);
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
      String before = account(fixture, channel);
      fixture.credentials(channel, AFTER);

      assertThat(account(fixture, channel)).isNotNull().isNotEqualTo(before);
      assertThat(fixture.arrived()).hasSize(1);
    }
  }

  @Test
  void aChannelWithNothingInDoubtMayMoveToAnotherAccount() {
    try (EngineFixture fixture = new EngineFixture(1)) {
      String channel = fixture.channel("t-before");
      fixture.start();
      await().atMost(SOON).until(() -> account(fixture, channel) != null);
      String before = account(fixture, channel);
      fixture.awaitState(fixture.publish(channel, "one"), DeliveryState.PUBLISHED, SOON);

      fixture.faultAt("mastodon", "verify", "500", 1_000, "");
      fixture.credentials(channel, AFTER);
      assertThat(account(fixture, channel)).isNull();
      rename(fixture, channel, "@renamed");
      fixture.noFaults();
      identifySoon(fixture, channel);

      await().atMost(SOON).until(() -> account(fixture, channel) != null);
      assertThat(account(fixture, channel)).isNotEqualTo(before);
      assertThat(fixture.paused(channel)).isFalse();
    }
  }

  /** A change of something else must not make the question forgotten. */
  @Test
  void aQuestionStaysOpenUntilItIsAnswered() {
    try (EngineFixture fixture = new EngineFixture(1)) {
      fixture.faultAt("mastodon", "verify", "500", 1_000, "");
      String channel = fixture.channel("t-open");
      pause(fixture, channel, true);
      pause(fixture, channel, false);
      rename(fixture, channel, "@me");
      fixture.noFaults();
      fixture.start();
      await().atMost(SOON).until(() -> account(fixture, channel) != null);
    }
  }

  /** Whose account a channel speaks for, as its platform has said. */
  private static @Nullable String account(EngineFixture fixture, String channel) {
    return fixture.channels.find(WORKSPACE, channel).orElseThrow().account();
  }

  /** Asks the platform again whose account a channel speaks for. */
  private static void identifySoon(EngineFixture fixture, String channel) {
    fixture.base.jdbc.update("UPDATE channel SET identify_at = now() WHERE id = ?", channel);
  }

  /** When the platform is to be asked next, from now. */
  private static Duration identifiedIn(EngineFixture fixture, String channel) {
    return Duration.ofMillis(
        Objects.requireNonNull(
            fixture.base.jdbc.queryForObject(
                "SELECT (extract(epoch FROM identify_at - now()) * 1000)::bigint FROM channel WHERE id = ?",
                Long.class,
                channel)));
  }

  /** Why a channel was paused, in its alerts. */
  private static List<String> alerts(EngineFixture fixture, String channel) {
    return fixture.base.jdbc.queryForList(
        "SELECT reason FROM alert WHERE channel = ? AND kind = 'CHANNEL_PAUSED'",
        String.class,
        channel);
  }

  /** As a person pauses a channel, or resumes it. */
  private static void pause(EngineFixture fixture, String channel, boolean paused) {
    fixture.update(channel, Function.identity(), null, paused);
  }

  private static void rename(EngineFixture fixture, String channel, String handle) {
    fixture.update(
        channel,
        old -> new Channel.Spec(old.platform(), handle, old.baseUrl(), old.zone(), old.slots()),
        null,
        null);
  }
}
