package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MastodonContractTest extends ConnectorContract {
  @Override
  String platform() {
    return "mastodon";
  }

  @Override
  Map<String, String> secrets(String account) {
    return Map.of("accessToken", account.equals("bad") ? "bad" : "t-" + account);
  }

  @Override
  String tooLong() {
    return "x".repeat(501);
  }

  @Test
  void aReplayThatIsAnsweredWithAFailureIsInDoubtAndFound() {
    Instant armed = Instant.now();
    publish("paris", "hello", "key-1");
    // mastodon 40399: the status is there, and its replay is answered 500.
    fault("500", "publish", 0);
    assertThat(publish("paris", "hello", "key-1")).isInstanceOf(Outcome.Ambiguous.class);
    assertThat(ledger()).hasSize(1);
    assertThat(
            publisher()
                .probe(call("paris", "hello", "key-1", Duration.ofSeconds(10)), armed, Set.of()))
        .isInstanceOf(Probe.Found.class);
  }
}
