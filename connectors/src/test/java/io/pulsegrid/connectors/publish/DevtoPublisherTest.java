package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DevtoPublisherTest extends ConnectorContract {
  @Override
  String platform() {
    return "devto";
  }

  @Override
  Map<String, String> secrets(String account) {
    return Map.of("apiKey", account.equals("bad") ? "bad" : "t-" + account);
  }

  @Override
  String text(String words) {
    return "# A title\n\n" + words;
  }

  @Override
  String tooLong() {
    return "title\n" + "x".repeat(819_201);
  }

  @Test
  void theFirstLineIsTheTitle() {
    publish("paris", "the body", "key-1");
    assertThat(ledger().getFirst().path("text").asString()).isEqualTo("A title\nthe body");
    for (String wrong : List.of("a title alone", "x".repeat(129) + "\nbody", "# \nbody")) {
      assertThat(publisher().check(spec(baseUrl("paris")), wrong)).hasSize(1);
    }
  }

  @Test
  void theSameArticleIsRefusedForASecondTimeAndFound() {
    Instant armed = Instant.now();
    Outcome first = publish("paris", "once", "key-1");
    assertThat(publish("paris", "once", "key-1")).isInstanceOf(Outcome.Ambiguous.class);
    assertThat(ledger()).hasSize(1);
    Probe probe =
        publisher().probe(call("paris", "once", "key-1", Duration.ofSeconds(10)), armed, Set.of());
    assertThat(((Probe.Found) probe).remoteId()).isEqualTo(((Outcome.Accepted) first).remoteId());
  }

  @Test
  void theGuardLetsItBeSentAgain() {
    Probe probe =
        publisher()
            .probe(
                call("paris", "never", "key-1", Duration.ofSeconds(10)), Instant.now(), Set.of());
    assertThat(((Probe.NotFound) probe).keyEnforcedUntil()).isAfter(Instant.now());
  }
}
