package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.PostImport;
import io.pulsegrid.node.SettableClock;
import io.pulsegrid.node.config.SettingRefused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReplayTest {
  private static final Instant NOON = Instant.parse("2013-06-20T12:00:00Z");

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));
  private final Instant begun = clock.instant();
  private final List<String> complaints = new ArrayList<>();

  @Test
  void sendsPostsInTheOrderAndPaceOfTheirTimes() throws Exception {
    Sent sent = new Sent();
    try (Recording recording =
        csv(
            """
            id,text,publishedAt
            c,third,2013-06-20T12:10:00Z
            a,first,2013-06-20T12:00:00Z
            b,second,2013-06-20T12:01:00Z
            """)) {
      Replay.Counts counts = new Replay(recording, 60, clock, sent).run();
      assertThat(counts.sent()).isEqualTo(3);
      assertThat(counts.accepted()).isEqualTo(3);
    }
    assertThat(sent.ids).containsExactly("a", "b", "c");
    assertThat(sent.at.get(0)).isEqualTo(begun);
    assertThat(sent.at.get(1))
        .isBetween(begun.plusSeconds(1), begun.plusSeconds(1).plusMillis(500));
    assertThat(sent.at.get(2))
        .isBetween(begun.plusSeconds(10), begun.plusSeconds(10).plusMillis(500));
    assertThat(sent.lines.getFirst())
        .contains("\"publishedAt\":\"2013-06-20T12:00:00Z\"", "\"platform\":\"twitter\"");
  }

  @Test
  void sendsInFullBatchesWhatANodeCannotKeepUpWith() throws Exception {
    StringBuilder file = new StringBuilder("id,text,publishedAt\n");
    IntStream.range(0, 1_200)
        .forEach(n -> file.append(n).append(",post,").append(NOON.plusSeconds(n)).append('\n'));
    Sent sent = new Sent();
    sent.takes = Duration.ofMinutes(30);
    try (Recording recording = csv(file.toString())) {
      new Replay(recording, 1, clock, sent).run();
    }
    assertThat(sent.sizes).containsExactly(1, 500, 500, 199);
    assertThat(sent.ids)
        .containsExactlyElementsOf(IntStream.range(0, 1_200).mapToObj(String::valueOf).toList());
  }

  @Test
  void stopsAfterWhatIsBeingSent() throws Exception {
    try (Recording recording =
        csv("id,text,publishedAt\na,x,2013-06-20T12:00:00Z\nb,y,2013-07-20T12:00:00Z\n")) {
      Sent sent = new Sent();
      Replay replay = new Replay(recording, 1, clock, sent);
      sent.then = replay::stop;
      assertThat(replay.run().sent()).isEqualTo(1);
    }
  }

  @Test
  void tellsWhatCannotBeReplayed() throws Exception {
    try (Recording recording =
        csv("id,text,publishedAt\na,x,\nb,,2013-06-20T12:00:00Z\nc,z,2013-06-20T12:00:00Z\n")) {
      assertThat(recording.size()).isEqualTo(1);
      assertThat(recording.rejected()).isEqualTo(2);
    }
    assertThat(complaints)
        .containsExactly(
            "line 2: publishedAt: is required for a replay",
            "line 3: text: one of title and text is required");
    assertThatThrownBy(() -> csv("id,text,publishedAt\n"))
        .isInstanceOf(SettingRefused.class)
        .hasMessageContaining("no post that can be replayed");
    assertThatThrownBy(() -> csv("who,what\n1,2\n")).isInstanceOf(PulsegridException.class);
  }

  @Test
  void saysWhichTrendsEmergeAndRise() {
    EmergingTrends trends = new EmergingTrends(3);
    assertThat(trends.line("event: trend")).isEmpty();
    assertThat(trends.line(event("t1", "EMERGING", 2))).as("too small").isEmpty();
    assertThat(trends.line(event("t1", "EMERGING", 3)))
        .contains("EMERGING  2013-06-20T12:00:00Z  Label of t1 (3 posts, score 2.5)");
    assertThat(trends.line(event("t1", "EMERGING", 4))).isEmpty();
    assertThat(trends.line(event("t1", "RISING", 9)))
        .contains("RISING    2013-06-20T12:00:00Z  Label of t1 (9 posts, score 2.5)");
    assertThat(trends.line(event("t1", "FADING", 12))).isEmpty();
    assertThat(trends.line(event("t2", "FADING", 90))).as("has not risen here").isEmpty();
    assertThat(trends.size()).isEqualTo(1);
    assertThat(trends.largest(5))
        .containsExactly("FADING    2013-06-20T12:00:00Z  Label of t1 (12 posts, score 2.5)");
  }

  @Test
  void warnsWhereNothingCanEmergeBecauseTheWorkspaceIsFurtherOn() {
    assertThat(RadarTime.warning(newest(), NOON)).isEmpty();
    assertThat(RadarTime.warning(newest(post(NOON)), NOON)).as("relived again").isEmpty();
    assertThat(RadarTime.warning(newest(post(NOON.plusSeconds(1))), NOON))
        .get(STRING)
        .contains("posts up to 2013-06-20T12:00:01Z", "\"workspace\":\"relived\"", "--key");
    assertThat(RadarTime.warning(newest(post(begun.plusSeconds(99))), begun.minusSeconds(1)))
        .as("what is dated ahead counts from when it came")
        .get(STRING)
        .contains("posts up to 2026-03-01T12:00:00Z");
  }

  private JsonNode newest(String... posts) {
    return JsonMapper.shared().readTree("{\"items\":[" + String.join(",", posts) + "]}");
  }

  private String post(Instant publishedAt) {
    return "{\"publishedAt\":\"%s\",\"collectedAt\":\"%s\"}".formatted(publishedAt, begun);
  }

  @Test
  void refusesASpeedOrAFileThatMeansNothing() {
    assertThat(Main.execute("replay")).isEqualTo(2);
    assertThat(Main.execute("replay", "posts.csv", "--speed", "0")).isEqualTo(2);
    assertThat(Main.execute("replay", "posts.csv", "--speed", "fast")).isEqualTo(2);
    assertThat(Main.execute("replay", "no-such-file.csv", "--key", "k")).isEqualTo(1);
  }

  private static String event(String id, String state, int posts) {
    return "data: {\"id\":\"%s\",\"label\":\"Label of %s\",\"state\":\"%s\",\"score\":2.5,"
            .formatted(id, id, state)
        + "\"postCount\":%d,\"lastSeen\":\"%s\",\"history\":[{\"state\":\"%s\",\"at\":\"%s\"}]}"
            .formatted(posts, NOON.plusSeconds(60), state, NOON);
  }

  private Recording csv(String text) throws IOException {
    return Recording.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
        new PostImport.Options(
            PostImport.Format.CSV, "twitter", Map.of("id", "nativeId"), null, ZoneOffset.UTC),
        complaints::add);
  }

  /** A node that takes everything; time passes only while it takes and while one pauses. */
  private final class Sent implements Replay.Way {
    final List<String> ids = new ArrayList<>();
    final List<String> lines = new ArrayList<>();
    final List<Integer> sizes = new ArrayList<>();
    final List<Instant> at = new ArrayList<>();
    Duration takes = Duration.ZERO;
    Runnable then = () -> {};

    @Override
    public JsonNode send(byte[] body) {
      List<String> sent = new String(body, StandardCharsets.UTF_8).lines().toList();
      sizes.add(sent.size());
      for (String line : sent) {
        lines.add(line);
        ids.add(JsonMapper.shared().readTree(line).path("nativeId").asString());
        at.add(clock.instant());
      }
      clock.advance(takes);
      return JsonMapper.shared().createObjectNode().put("accepted", sent.size());
    }

    @Override
    public void pause(Duration time) {
      clock.advance(time);
    }

    @Override
    public void sent(Instant reached, Replay.Counts counts) {
      then.run();
    }
  }
}
