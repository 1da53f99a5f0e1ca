package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Call;
import io.pulsegrid.core.publish.Publisher.Probe;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RedditPublisherTest extends ConnectorContract {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  String platform() {
    return "reddit";
  }

  @Override
  String handle() {
    return "r/test";
  }

  @Override
  Map<String, String> secrets(String account) {
    return Map.of(
        "clientId", "id",
        "clientSecret", "secret",
        "refreshToken", account.equals("bad") ? "bad" : "t-" + account);
  }

  @Override
  String tooLong() {
    return "title\n" + "x".repeat(40_001);
  }

  @Test
  void aTokenAloneWillDoWhileItLasts() {
    Call call = withToken("t-rome");
    assertThat(publisher().publish(call).outcome()).isInstanceOf(Outcome.Accepted.class);
    assertThat(publisher().publish(withToken("bad")).outcome())
        .isInstanceOf(Outcome.Unauthorized.class);
  }

  @Test
  void anExpiredTokenIsRefreshedOnce() {
    publish("paris", "one", "key-1");
    fault("401", "publish", 0);
    assertThat(publish("paris", "two", "key-2")).isInstanceOf(Outcome.Accepted.class);
    fault("401", "publish", 0);
    fault("500", "token", 0);
    assertThat(publish("paris", "three", "key-3")).isInstanceOf(Outcome.Transient.class);
    fault("401", "publish", 0);
    fault("401", "publish", 0);
    assertThat(publish("paris", "four", "key-4")).isInstanceOf(Outcome.Unauthorized.class);
  }

  @Test
  void aRefusalComesWithTwoHundred() {
    Outcome outcome =
        publisher()
            .publish(
                new Call(
                    spec(baseUrl("paris")),
                    new Channel.Credentials(secrets("paris")),
                    "x".repeat(301),
                    "key-1",
                    call("paris", "x", "key-1", PATIENCE).deadline(),
                    null))
            .outcome();
    assertThat(outcome)
        .isEqualTo(new Outcome.Rejected(200, "TOO_LONG: this is too long (max: 40000)"));
  }

  @Test
  void whatIsLeftIsToldWithAFraction() {
    limit(600, 600);
    Allowance left =
        Objects.requireNonNull(
            publisher().publish(call("paris", "hello", "key-1", PATIENCE)).allowance());
    assertThat(left.limit()).isEqualTo(600);
    assertThat(left.remaining()).isEqualTo(599);
  }

  @Test
  void theSameTitleElsewhereIsAnotherPost() {
    Instant armed = Instant.now();
    publish("paris", "hello", "key-1");
    Call elsewhere =
        new Call(
            new Channel.Spec("reddit", "r/other", baseUrl("paris"), ZoneOffset.UTC, List.of()),
            new Channel.Credentials(secrets("paris")),
            "hello",
            "key-1",
            call("paris", "hello", "key-1", PATIENCE).deadline(),
            null);
    assertThat(publisher().probe(elsewhere, armed, Set.of())).isInstanceOf(Probe.NotFound.class);
  }

  @Test
  void underTheSameTitleTheTextTellsThemApart() {
    Instant armed = Instant.now();
    Outcome.Accepted first = (Outcome.Accepted) publish("paris", "hello\none", "key-1");
    Outcome.Accepted link =
        (Outcome.Accepted) publish("paris", "hello\nhttps://a.example/link", "key-2");

    assertThat(publisher().probe(call("hello\none"), armed, Set.of()))
        .isEqualTo(new Probe.Found(first.remoteId(), first.remoteUrl()));
    assertThat(publisher().probe(call("hello\nhttps://a.example/link"), armed, Set.of()))
        .isEqualTo(new Probe.Found(link.remoteId(), link.remoteUrl()));
    assertThat(publisher().probe(call("hello\ntwo"), armed, Set.of()))
        .isInstanceOf(Probe.Unknown.class);
    assertThat(
            publisher().probe(call("hello\ntwo"), armed, Set.of(first.remoteId(), link.remoteId())))
        .isInstanceOf(Probe.NotFound.class);
  }

  @Test
  void saysWhereToSubmit() {
    Channel.Spec spec =
        new Channel.Spec("reddit", "@me", baseUrl("paris"), ZoneOffset.UTC, List.of());
    assertThat(publisher().check(spec, new Channel.Credentials(secrets("paris"))))
        .extracting(FieldError::field)
        .containsExactly("handle");
    assertThat(publisher().check(spec(baseUrl("paris")), "x".repeat(301))).hasSize(1);
  }

  private Call call(String text) {
    return call("paris", text, "key-3", PATIENCE);
  }

  private Call withToken(String token) {
    return new Call(
        spec(baseUrl("any")),
        new Channel.Credentials(Map.of("accessToken", token)),
        "a title\nhttps://a.example/link",
        "key-" + token,
        call("paris", "x", "key-1", PATIENCE).deadline(),
        null);
  }
}
