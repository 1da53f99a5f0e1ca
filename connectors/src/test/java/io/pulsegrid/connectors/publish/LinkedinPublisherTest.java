package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Identity;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinkedinPublisherTest extends FollowedContract {
  @Override
  String platform() {
    return "linkedin";
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
        "author",
        account.equals("lyon") ? "urn:li:organization:5515716" : "urn:li:organization:5515715");
  }

  @Override
  String unknownId() {
    return "urn:li:share:1";
  }

  @Override
  boolean tellsWhatIsGone() {
    return true;
  }

  @Override
  boolean tellsShares() {
    return false;
  }

  @Override
  String tooLong() {
    return "x".repeat(3_001);
  }

  /** LinkedIn's day begins anew at midnight, whenever that is. */
  @Override
  Instant leastReset(Instant now) {
    Instant midnight =
        LocalDate.ofInstant(now, ZoneOffset.UTC)
            .plusDays(1)
            .atStartOfDay()
            .toInstant(ZoneOffset.UTC);
    return midnight.isBefore(now.plusSeconds(500)) ? midnight : now.plusSeconds(500);
  }

  @Test
  void whatLittleTextGivesAMeaningIsEscapedAndReadBack() {
    String text = "a (b) [c] {d} <e> @f #g *h* _i_ ~j~ k|l \\m";
    assertThat(publish("paris", text, "key-1")).isInstanceOf(Outcome.Accepted.class);
    assertThat(ledger().getFirst().path("text").asString()).isEqualTo(text);
    assertThat(LinkedinPublisher.plain(LinkedinPublisher.escaped(text))).isEqualTo(text);
  }

  @Test
  void aDuplicateMayBeAnEarlierCallOfOurs() {
    publish("paris", "see https://a.example/link", "key-1");
    assertThat(publish("paris", "see https://a.example/link", "key-1"))
        .isInstanceOf(Outcome.Ambiguous.class);
    assertThat(ledger()).hasSize(1);
  }

  @Test
  void whatLinkedinNamesIsARefusal() {
    assertThat(publish("paris", "x".repeat(3_001), "key-1")).isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  void namesWhoSpeaks() {
    assertThat(
            publisher()
                .check(
                    spec(baseUrl("paris")),
                    new Channel.Credentials(Map.of("accessToken", "t", "author", "me"))))
        .extracting(FieldError::field)
        .containsExactly("credentials.author");
  }
}
