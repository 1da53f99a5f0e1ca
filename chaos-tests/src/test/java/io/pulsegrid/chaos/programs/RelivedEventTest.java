package io.pulsegrid.chaos.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.chaos.node.GridFixture;
import io.pulsegrid.chaos.node.Rest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An event that was recorded, relived at a real node. */
class RelivedEventTest {
  private static final Instant MORNING = Instant.parse("2026-03-02T06:00:00Z");
  private static final Instant FLOOD = MORNING.plus(Duration.ofHours(2));
  private static final int REPORTS = 40;
  private static final String[] SEEN = {
    "the bridge is under water",
    "people wait on roofs",
    "boats leave the school",
    "the hospital has no power",
    "roads to the south are closed"
  };

  private static final String[] DAYS = {
    "a grey monday with my aunt",
    "tuesday and its old tram",
    "wednesday at the lake house",
    "thursday before the exam",
    "friday with too much sugar",
    "saturday on the roof",
    "sunday in bed"
  };

  @TempDir private static Path data;

  @Test
  void emergesAgainAndCanBeLookedBackOn() throws Exception {
    Path recording = Files.writeString(data.resolve("flood.csv"), recorded());
    try (GridFixture grid = new GridFixture(data.resolve("node"))) {
      grid.start();
      String said =
          grid.command(
              "replay",
              recording.toString(),
              "--key",
              grid.key(),
              "--speed",
              "3600",
              "--platform",
              "twitter",
              "--map",
              "tweet id=nativeId,tweet=text,time=publishedAt");

      assertThat(said).contains("\"sent\":64,\"accepted\":64,\"unchanged\":0,\"rejected\":0");
      assertThat(said.lines())
          .anyMatch(line -> line.matches("(EMERGING|RISING) +2026-03-02T08:0.*Flood in Almeria.*"));
      Rest rest = grid.rest();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !rest.get("/trends").expect(200).body().path("items").isEmpty());
      JsonNode then = rest.get("/trends?at=" + FLOOD.plusSeconds(600)).expect(200).body();
      assertThat(then.path("note").stringValue()).contains("is taken as a time of the posts");
      assertThat(then.path("items")).isNotEmpty();
      JsonNode before = rest.get("/trends?at=" + FLOOD.minusSeconds(60)).expect(200).body();
      assertThat(before.path("items"))
          .noneMatch(it -> it.path("label").asString("").contains("Almeria"));
    }
  }

  /** Two quiet hours, then a flood within eight minutes. */
  private static String recorded() {
    StringBuilder csv = new StringBuilder("tweet id,tweet,time\n");
    for (int i = 0; i < 24; i++) {
      line(
          csv,
          "q" + i,
          "Coffee number %d of %s".formatted(i, DAYS[i % DAYS.length]),
          MORNING.plusSeconds(300L * i));
    }
    for (int i = 0; i < REPORTS; i++) {
      line(
          csv,
          "f" + i,
          "Flood in Almeria: %s, says a neighbour at number %d"
              .formatted(SEEN[i % SEEN.length], 100 + 7 * i),
          FLOOD.plusSeconds(12L * i));
    }
    return csv.toString();
  }

  private static void line(StringBuilder csv, String id, String text, Instant at) {
    csv.append('"').append(id).append("\",\"").append(text).append("\",").append(at).append('\n');
  }
}
