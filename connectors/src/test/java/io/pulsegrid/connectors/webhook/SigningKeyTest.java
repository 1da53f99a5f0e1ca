package io.pulsegrid.connectors.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SigningKeyTest {
  /** The example of Standard Webhooks' own libraries. */
  @Test
  void signsAsStandardWebhooksDoes() {
    assertThat(
            SigningKey.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                .headers(
                    "msg_p5jXN8AQM9LWM0D4loKWxJek",
                    Instant.ofEpochSecond(1_614_265_330),
                    "{\"test\": 2432232314}"))
        .containsEntry("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
        .containsEntry("webhook-timestamp", "1614265330")
        .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void aSecretWithoutPrefixIsItsCharacters() {
    Instant at = Instant.ofEpochSecond(1);
    assertThat(SigningKey.of("a").headers("i", at, "b"))
        .isEqualTo(SigningKey.of("whsec_YQ==").headers("i", at, "b"))
        .isNotEqualTo(SigningKey.of("b").headers("i", at, "b"));
    assertThat(SigningKey.length("whsec_YQ==")).isEqualTo(1);
  }

  @Test
  void saysWhatIsWrongWithASecret() {
    assertThat(SigningKey.fault("whsec_!")).contains("must be Base64 behind whsec_");
    assertThat(SigningKey.fault("whsec_")).contains("must hold a key behind whsec_");
    assertThat(SigningKey.fault(SigningKey.secretOf(new byte[32]))).isEmpty();
    assertThatThrownBy(() -> SigningKey.of("whsec_")).isInstanceOf(IllegalArgumentException.class);
  }
}
