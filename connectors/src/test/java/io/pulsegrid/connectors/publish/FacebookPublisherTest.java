package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FacebookPublisherTest extends FollowedContract {
  @Override
  String platform() {
    return "facebook";
  }

  @Override
  Map<String, String> secrets(String account) {
    return Map.of("accessToken", account.equals("bad") ? "bad" : "t-" + account);
  }

  @Override
  String unknownId() {
    return "1_1";
  }

  @Override
  boolean tellsWhatIsGone() {
    return false;
  }

  @Override
  boolean tellsShares() {
    return true;
  }

  @Override
  String tooLong() {
    return "x".repeat(63_207);
  }

  @Test
  void aTokenThatExpiredIsToldByItsCode() {
    fault("401", "publish", 0);
    assertThat(publish("paris", "hello", "key-1")).isInstanceOf(Outcome.Unauthorized.class);
  }

  @Test
  void aParameterThatFacebookNamesIsARefusal() {
    assertThat(publish("paris", "x".repeat(63_207), "key-1")).isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  void aSpentShareIsHeardBeforeTheNextCall() {
    limit(1, 3_600);
    Answer answer = publisher().publish(call("paris", "hello", "key-1", Duration.ofSeconds(10)));
    Allowance left = Objects.requireNonNull(answer.allowance());
    assertThat(left.remaining()).isZero();
    assertThat(left.reset()).isAfter(Instant.now().plusSeconds(3_000));
  }
}
