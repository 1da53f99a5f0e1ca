package io.pulsegrid.node.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.connectors.http.Fetched;
import io.pulsegrid.connectors.http.SourceGate.Pass;
import io.pulsegrid.connectors.http.WebClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceBreakersTest {
  private static final FetchLimits BRIEF = new FetchLimits(Duration.ofMillis(200), 100_000);
  private static final FetchLimits LONG = new FetchLimits(Duration.ofSeconds(10), 100_000);
  private static final String SOURCE = "source-1";

  private final SourceBreakers breakers = new SourceBreakers();

  @Test
  void leavesASourceAloneAfterFiveSilencesInARow() {
    for (int i = 0; i < 5; i++) {
      enter(SOURCE).silent();
    }

    assertThat(breakers.enter(SOURCE)).isEmpty();
    assertThat(breakers.enter("source-2")).isPresent();
  }

  @Test
  void goesOnAskingASourceThatAnswersMoreOftenThanNot() {
    for (int i = 0; i < 30; i++) {
      if (i % 3 == 2) {
        enter(SOURCE).silent();
      } else {
        enter(SOURCE).answered();
      }
    }

    assertThat(breakers.enter(SOURCE)).isPresent();
  }

  @Test
  void leavesASourceAloneOnceHalfOfItsLastTenCallsWereSilent() {
    for (int i = 0; i < 10; i++) {
      enter(SOURCE).answered();
    }
    for (int i = 0; i < 4; i++) {
      enter(SOURCE).silent();
    }
    enter(SOURCE).silent();

    assertThat(breakers.enter(SOURCE)).isEmpty();
  }

  @Test
  void countsACallThatWasCalledOffAsNeither() {
    for (int i = 0; i < 20; i++) {
      enter(SOURCE).calledOff();
    }
    for (int i = 0; i < 4; i++) {
      enter(SOURCE).silent();
    }
    assertThat(breakers.enter(SOURCE)).isPresent();
  }

  @Test
  void letsCallsUnderWayEndWhenItShuts() {
    List<Pass> underWay = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      underWay.add(enter(SOURCE));
    }
    underWay.subList(0, 5).forEach(Pass::silent);
    assertThat(breakers.enter(SOURCE)).isEmpty();

    underWay.subList(5, 8).forEach(Pass::answered);
    assertThat(breakers.enter(SOURCE)).isEmpty();
  }

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
              breakers,
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

  private Pass enter(String sourceId) {
    return breakers.enter(sourceId).orElseThrow();
  }
}
