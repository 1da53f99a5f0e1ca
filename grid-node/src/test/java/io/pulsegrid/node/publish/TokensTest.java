package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Alerts;
import io.pulsegrid.node.store.telling.StoredAlerts;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tokens that end, through whole engines to the stand-in platform. */
class TokensTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final EngineFixture fixture = new EngineFixture(2);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aTokenThatEndedIsRenewedOnceWhateverNodesFindItEnded() {
    fixture.start();
    String channel = linkedin("t-paris", "secret");
    awaitRenewed(channel);
    assertThat(token(channel)).isEqualTo("session-1");
    byte[] sealed = sealed(channel);

    // Whoever comes with it is refused from now on.
    fixture.fault("linkedin", "expired", 1, "");
    List<Delivery> deliveries = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      deliveries.add(publishOnEither(i, channel, "post " + i));
    }
    deliveries.forEach(this::awaitPublished);

    assertThat(token(channel)).isEqualTo("session-2");
    assertThat(sealed(channel)).isNotEqualTo(sealed);
    assertThat(new String(sealed(channel), StandardCharsets.ISO_8859_1)).doesNotContain("session-");
    assertThat(fixture.arrived()).hasSize(12);
    assertThat(fixture.paused(channel)).isFalse();
    assertThat(alerts()).isEmpty();
    assertThat(deliveries)
        .allSatisfy(
            one -> {
              assertThat(fixture.story(one)).endsWith("accepted").isSubsetOf("expired", "accepted");
              // What the refused token cost is no try of the post's.
              assertThat(fixture.base.now(one).attempts()).isEqualTo(1);
            })
        .anySatisfy(one -> assertThat(fixture.story(one)).contains("expired"));
  }

  /** It may be the only one that opens anything by then. */
  @Test
  void aNewTokenOutlastsAStoreThatIsAway() {
    String channel = linkedin("t-paris", "secret");
    Renewals renewals =
        fixture.renewals(
            new JdbcTemplate(fixture.base.database) {
              private boolean away = true;

              @Override
              public int update(String sql, @Nullable Object @Nullable ... values) {
                if (away && sql.contains("SET credentials")) {
                  away = false;
                  throw new DataAccessResourceFailureException("away");
                }
                return super.update(sql, values);
              }
            });

    assertThatThrownBy(renewals::turn).isInstanceOf(PulsegridException.class);
    assertThat(token(channel)).isEqualTo("t-paris");
    Duration _ = renewals.turn();

    assertThat(token(channel)).isEqualTo("session-1");
  }

  @Test
  void aRenewalThatFailsInPassingIsNoDeadAccount() {
    fixture.start();
    String channel = linkedin("t-paris", "secret");
    awaitRenewed(channel);
    fixture.fault("linkedin", "expired", 1, "");
    token("500", 1);

    Delivery delivery = fixture.publish(channel, "in spite of it");

    awaitPublished(delivery);
    assertThat(fixture.story(delivery)).containsExactly("transient", "expired", "accepted");
    assertThat(fixture.paused(channel)).isFalse();
    assertThat(alerts()).isEmpty();
    assertThat(fixture.arrived()).hasSize(1);
  }

  @Test
  void anAccountThatIsOverIsPausedWithAnAlertAndNothingIsLost() {
    fixture.start();
    String channel = linkedin("bad", "secret");
    await().atMost(SOON).until(() -> renewAt(channel) == null);
    Delivery delivery = fixture.publish(channel, "kept");

    await().atMost(SOON).until(() -> fixture.paused(channel));
    await().atMost(SOON).until(() -> fixture.state(delivery) == DeliveryState.SCHEDULED);
    assertThat(fixture.story(delivery)).containsExactly("unauthorized");
    assertThat(alerts())
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.kind()).isEqualTo(Alert.Kind.CHANNEL_PAUSED);
              assertThat(alert.reason()).contains("no new token: invalid_grant");
            });

    fixture.credentials(channel, credentials("t-paris", "t-paris", "secret"));
    awaitPublished(delivery);
    assertThat(alerts()).isEmpty();
    assertThat(fixture.arrived()).hasSize(1);
  }

  @Test
  void aNewTokenThatIsRefusedAsWellPausesTheChannel() {
    fixture.start();
    String channel = linkedin("t-paris", "secret");
    awaitRenewed(channel);
    fixture.fault("linkedin", "401", 2, "");

    Delivery delivery = fixture.publish(channel, "kept");

    await().atMost(SOON).until(() -> fixture.paused(channel));
    assertThat(fixture.story(delivery)).startsWith("expired").endsWith("unauthorized").hasSize(2);
    assertThat(alerts())
        .extracting(Alert::reason)
        .singleElement()
        .asString()
        .contains("renewed a moment ago");
    assertThat(fixture.arrived()).isEmpty();
  }

  @Test
  void aTokenIsRenewedInTimeSoThatNoCallFailsForIt() {
    fixture.start();
    String channel = facebook("secret");
    awaitRenewed(channel);
    assertThat(token(channel)).isEqualTo("session-1");
    // Sixty days, of which a quarter is left for platforms that are away.
    assertThat(renewAt(channel))
        .isBetween(
            Instant.now().plus(Duration.ofDays(44)), Instant.now().plus(Duration.ofDays(46)));

    token("500", 1);
    fixture.base.jdbc.update("UPDATE channel SET renew_at = now() WHERE id = ?", channel);
    await().atMost(SOON).untilAsserted(() -> assertThat(renewAt(channel)).isAfter(Instant.now()));
    fixture.base.jdbc.update("UPDATE channel SET renew_at = now() WHERE id = ?", channel);
    await().atMost(SOON).until(() -> token(channel).equals("session-2"));

    Delivery delivery = fixture.publish(channel, "in time");
    awaitPublished(delivery);
    assertThat(fixture.story(delivery)).containsExactly("accepted");
  }

  @Test
  void whoCannotBeRenewedGoesOnWithTheTokenThatItHas() {
    fixture.start();
    String channel = facebook("wrong");
    await().atMost(SOON).until(() -> renewAt(channel) == null);
    assertThat(token(channel)).isEqualTo("t-paris");
    awaitPublished(fixture.publish(channel, "as long as it holds"));
    assertThat(alerts()).isEmpty();
  }

  @Test
  void whileANodeRenewsNothingGoesOutAndOneThatDiesIsReplaced() {
    String channel = linkedin("t-paris", "secret");
    Instant until = Instant.now().plusSeconds(6);
    fixture.base.jdbc.update(
        "UPDATE channel SET renew_at = NULL, renewing_until = now() + interval '6 seconds'"
            + " WHERE id = ?",
        channel);
    fixture.start();

    Delivery delivery = fixture.publish(channel, "held");

    awaitPublished(delivery);
    assertThat(Instant.parse(fixture.arrived().getFirst().path("at").asString()))
        .isAfter(until.minusSeconds(1));
    assertThat(fixture.story(delivery)).containsExactly("accepted");
  }

  private Delivery publishOnEither(int i, String channel, String text) {
    return fixture
        .engines
        .get(i % 2)
        .publishing()
        .schedule(
            WORKSPACE, LedgerFixture.draft(text, new io.pulsegrid.core.time.When.Now(), channel))
        .deliveries()
        .getFirst();
  }

  private String linkedin(String refreshToken, String secret) {
    String token = refreshToken.equals("bad") ? "bad" : "t-paris";
    return fixture.channel(spec("linkedin"), credentials(token, refreshToken, secret).values());
  }

  private static Channel.Credentials credentials(String token, String refresh, String secret) {
    return new Channel.Credentials(
        Map.of(
            "accessToken",
            token,
            "author",
            "urn:li:organization:1",
            "refreshToken",
            refresh,
            "clientId",
            "1",
            "clientSecret",
            secret));
  }

  private String facebook(String secret) {
    return fixture.channel(
        spec("facebook"),
        new HashMap<>(Map.of("accessToken", "t-paris", "appId", "1", "appSecret", secret)));
  }

  private Channel.Spec spec(String platform) {
    URI baseUrl = URI.create("http://127.0.0.1:" + fixture.sim.port() + "/" + platform);
    return new Channel.Spec(platform, "@me", baseUrl, ZoneOffset.UTC, List.of());
  }

  private void token(String kind, int count) {
    fixture.faultAt("*", "token", kind, count, "");
  }

  private void awaitRenewed(String channel) {
    await().atMost(SOON).until(() -> token(channel).startsWith("session-"));
  }

  private String token(String channel) {
    return fixture.credentials(channel).values().getOrDefault("accessToken", "");
  }

  private byte[] sealed(String channel) {
    return JdbcClient.create(fixture.base.database)
        .sql("SELECT credentials FROM channel WHERE id = ?")
        .param(channel)
        .query(byte[].class)
        .single();
  }

  private @Nullable Instant renewAt(String channel) {
    return JdbcClient.create(fixture.base.database)
        .sql("SELECT renew_at FROM channel WHERE id = ?")
        .param(channel)
        .query((row, _) -> row.getObject(1, java.time.OffsetDateTime.class))
        .list()
        .stream()
        .filter(java.util.Objects::nonNull)
        .map(java.time.OffsetDateTime::toInstant)
        .findFirst()
        .orElse(null);
  }

  private List<Alert> alerts() {
    return new StoredAlerts(JdbcClient.create(fixture.base.database))
        .list(WORKSPACE, new Alerts.Filter(Set.of(), null, true), PageRequest.first())
        .items();
  }

  private void awaitPublished(Delivery delivery) {
    fixture.awaitState(delivery, DeliveryState.PUBLISHED, SOON);
  }
}
