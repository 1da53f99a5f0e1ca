package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Identity;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookPublisherTest extends ConnectorContract {
  @Override
  String platform() {
    return "webhook";
  }

  @Override
  Class<? extends Identity> identity() {
    return Identity.None.class;
  }

  @Override
  Map<String, String> secrets(String account) {
    return Map.of("secret", "t-" + account);
  }

  @Override
  URI baseUrl(String account) {
    // Account bad has another secret than the one that is signed with.
    return URI.create(sim.uri() + "/webhook/" + (account.equals("bad") ? "other" : account));
  }

  @Override
  String tooLong() {
    return "x".repeat(65_537);
  }

  @Test
  void aReceiverTakesAnIdOnce() {
    Outcome.Accepted first = (Outcome.Accepted) publish("paris", "hello", "key-1");
    Outcome.Accepted again = (Outcome.Accepted) publish("paris", "hello", "key-1");
    assertThat(again.remoteId()).isEqualTo(first.remoteId());
    assertThat(ledger())
        .singleElement()
        .satisfies(entry -> assertThat(entry.path("idempotencyKey").asString()).isEqualTo("key-1"));
  }

  @Test
  void aKeyIsPlainOrBase64() {
    for (String wrong : new String[] {"whsec_", "whsec_$$"}) {
      assertThat(check(wrong)).extracting(FieldError::field).containsExactly("credentials.secret");
    }
    assertThat(check("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).isEmpty();
  }

  private Iterable<FieldError> check(String secret) {
    return publisher()
        .check(spec(baseUrl("paris")), new Channel.Credentials(Map.of("secret", secret)));
  }
}
