package io.pulsegrid.connectors.publish;

import static io.pulsegrid.connectors.LoopbackServer.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.connectors.LoopbackServer;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Answer;
import io.pulsegrid.core.publish.Publisher.Call;
import io.pulsegrid.core.publish.Publisher.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class InstagramPublisherTest extends FollowedContract {
  private static final String IMAGE = "\nhttps://images.example/cat.jpg";

  @Override
  String platform() {
    return "instagram";
  }

  @Override
  Class<? extends Identity> identity() {
    return Identity.Claimed.class;
  }

  @Override
  Map<String, String> secrets(String account) {
    return Map.of(
        "accessToken",
        account.equals("bad") ? "bad" : "t-" + account,
        "userId",
        account.equals("lyon") ? "17841400001" : "17841400000");
  }

  @Override
  String text(String words) {
    return words + IMAGE;
  }

  /** An image that is not fetched within two seconds of the end is given up. */
  @Override
  Duration impatience() {
    return Duration.ofMillis(2_500);
  }

  @Override
  String unknownId() {
    return "1";
  }

  @Override
  boolean tellsWhatIsGone() {
    return false;
  }

  @Override
  boolean tellsShares() {
    return false;
  }

  @Override
  String tooLong() {
    return "x".repeat(2_201) + IMAGE;
  }

  @Test
  void theLastLineIsTheImageAndNoPartOfTheCaption() {
    publish("paris", "a cat", "key-1");
    assertThat(ledger().getFirst().path("text").asString()).isEqualTo("a cat");
  }

  @Test
  void anImageThatCannotBeFetchedIsARefusal() {
    assertThat(publish("paris", "a cat\nhttps://images.example/broken", "key-1"))
        .isInstanceOf(Outcome.Accepted.class);
    Outcome outcome =
        publisher()
            .publish(
                new Call(
                    spec(baseUrl("paris")),
                    new Channel.Credentials(secrets("paris")),
                    "a cat\nhttps://images.example/broken",
                    "key-2",
                    call("paris", "x", "k", Duration.ofSeconds(10)).deadline(),
                    null))
            .outcome();
    assertThat(outcome)
        .isEqualTo(new Outcome.Rejected(200, "Error: Media download has failed. (2207052)"));
  }

  @Test
  void whatFailsBeforePublishingSurelyPublishedNothing() {
    for (String op : List.of("quota", "container", "status")) {
      fault("500", op, 0);
      Outcome outcome = publish("paris", "a cat", "key-" + op);
      assertThat(outcome).as(op).isNotInstanceOf(Outcome.Ambiguous.class);
    }
    fault("429", "container", 0);
    assertThat(publish("paris", "a cat", "key-1")).isInstanceOf(Outcome.Throttled.class);
    fault("401", "container", 0);
    assertThat(publish("paris", "a cat", "key-1")).isInstanceOf(Outcome.Unauthorized.class);
  }

  @Test
  void thePlatformsOwnQuotaIsWhatIsLeft() {
    limit(50, 86_400);
    Answer answer = publisher().publish(call("paris", "a cat", "key-1", Duration.ofSeconds(10)));
    assertThat(Objects.requireNonNull(answer.allowance()))
        .extracting(Allowance::limit, Allowance::remaining)
        .containsExactly(50, 49);
  }

  @Test
  void imagesUnderTheSameCaptionCannotBeToldApart() {
    for (String caption : List.of("", "a cat\n")) {
      assertThat(
              publisher()
                  .confuses(
                      caption + "https://images.example/a.jpg",
                      caption + "https://images.example/b.jpg"))
          .isTrue();
    }
  }

  @Test
  void namesWhatACaptionHasTooMuchOf() {
    for (String wrong :
        List.of("no image", "#tag ".repeat(31) + IMAGE, "@friend ".repeat(21) + IMAGE)) {
      assertThat(publisher().check(spec(baseUrl("paris")), wrong)).hasSize(1);
    }
    assertThat(publisher().check(spec(baseUrl("paris")), "https://images.example/cat.jpg"))
        .isEmpty();
  }

  /** Seen of a post that was live (postiz 1681): the code is a limit's, the subcode "blocked". */
  @Test
  void aBlockedActionMayHavePublishedAllTheSame() throws IOException {
    try (LoopbackServer server = new LoopbackServer()) {
      String user = "/17841400000";
      server.on(user + "/content_publishing_limit", 200, Map.of(), bytes("{\"data\":[]}"));
      server.on(user + "/media", 200, Map.of(), bytes("{\"id\":\"9\"}"));
      server.on("/9", 200, Map.of(), bytes("{\"status_code\":\"FINISHED\"}"));
      server.on(
          user + "/media_publish",
          403,
          Map.of(),
          bytes("{\"error\":{\"code\":4,\"error_subcode\":2207051,\"message\":\"blocked\"}}"));
      Answer answer =
          publisher()
              .publish(call(server.url(""), "paris", "a cat", "key-1", Duration.ofSeconds(10)));
      assertThat(answer.outcome()).isEqualTo(new Outcome.Ambiguous(403, "blocked"));
      assertThat(Objects.requireNonNull(answer.allowance()).remaining()).isZero();
    }
  }
}
