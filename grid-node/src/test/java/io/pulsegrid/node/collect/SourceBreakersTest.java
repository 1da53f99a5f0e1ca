package io.pulsegrid.node.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.connectors.http.Fetched;
import io.pulsegrid.connectors.http.WebClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceBreakersTest {
  private static final FetchLimits BRIEF = new FetchLimits(Duration.ofMillis(200), 100_000);
  private static final FetchLimits LONG = new FetchLimits(Duration.ofSeconds(10), 100_000);

  @Test
  void aSilentSourceIsLeftAloneAndTheOthersOfItsHostAreNot() throws IOException {
    try (FeedServer server = new FeedServer();
        HttpClient http = HttpClient.newHttpClient()) {
      server.hangs("/hangs");
      server.feed("/well", "A");
      WebClient web =
          new WebClient(
              http,
              new AddressPolicy(true, InetAddress::getAllByName),
              new SourceBreakers(),
              InstantSource.system(),
              "Pulsegrid-test");
      for (int i = 0; i < 5; i++) {
        web.get(server.url("/hangs"), Map.of(), BRIEF, "hanging");
      }

      assertThat(web.get(server.url("/hangs"), Map.of(), LONG, "hanging"))
          .isEqualTo(
              new Fetched.NoAnswer("the source was silent lately and is left alone for now"));
      assertThat(web.get(server.url("/well"), Map.of(), LONG, "well"))
          .isInstanceOf(Fetched.Answer.class);
    }
  }
}
