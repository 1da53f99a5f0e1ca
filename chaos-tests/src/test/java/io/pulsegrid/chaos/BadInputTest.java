package io.pulsegrid.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.chaos.node.Answer;
import io.pulsegrid.chaos.node.GridFixture;
import io.pulsegrid.chaos.node.Rest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every bad input gets a clear error that names the field, and changes nothing. */
class BadInputTest {
  private static final String JSON = "application/json";

  @TempDir private static Path data;
  private static GridFixture grid;
  private static Rest admin;
  private static String channel;

  /** A request that must be refused. */
  record Bad(String what, String method, String path, String body, int status, String field) {
    @Override
    public String toString() {
      return what;
    }
  }

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    grid = new GridFixture(data);
    grid.start();
    admin = grid.rest();
    channel = grid.channel("careful");
  }

  @AfterAll
  static void end() {
    grid.close();
  }

  static Stream<Bad> requests() {
    Instant old = Instant.now().minus(Duration.ofHours(25));
    return Stream.of(
        new Bad("broken JSON", "POST", "/channels", "{\"platform\":", 400, ""),
        new Bad("not an object", "POST", "/scheduled-posts", "[]", 400, ""),
        channel("an unknown platform", "\"platform\":\"myspace\",\"handle\":\"@a\"", "platform"),
        channel("no handle", "\"platform\":\"mastodon\"", "handle"),
        channel(
            "an unknown zone of a channel",
            "\"platform\":\"mastodon\",\"handle\":\"@a\",\"zone\":\"Mars/Base\"",
            "zone"),
        scheduled("no text", "\"when\":{\"now\":true}", "text"),
        scheduled("no time", "\"text\":\"x\"", "when"),
        scheduled(
            "two times", "\"text\":\"x\",\"when\":{\"now\":true,\"at\":\"" + old + "\"}", "when"),
        scheduled("an invalid date", "\"text\":\"x\",\"when\":{\"at\":\"yesterday\"}", "when.at"),
        scheduled(
            "an unknown zone",
            "\"text\":\"x\",\"when\":{\"local\":\"2030-01-01T09:00\",\"zone\":\"Mars/Base\"}",
            "when.zone"),
        scheduled(
            "a time past its grace", "\"text\":\"x\",\"when\":{\"at\":\"" + old + "\"}", "when"),
        scheduled(
            "a text longer than the platform allows",
            "\"text\":\"" + "x".repeat(501) + "\",\"when\":{\"now\":true}",
            "text"),
        new Bad(
            "a channel that is not there",
            "POST",
            "/scheduled-posts",
            "{\"text\":\"x\",\"when\":{\"now\":true},\"channels\":[\"nowhere\"]}",
            422,
            "channels"),
        new Bad(
            "a body too large",
            "POST",
            "/scheduled-posts",
            "{\"text\":\"" + "x".repeat(2_000_000) + "\"}",
            413,
            ""),
        new Bad(
            "an unknown kind of source",
            "POST",
            "/sources",
            "{\"kind\":\"fax\",\"url\":\"http://a.example\"}",
            422,
            "kind"),
        new Bad("a source without address", "POST", "/sources", "{\"kind\":\"feed\"}", 422, "url"));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void refuses(Bad bad) throws Exception {
    List<JsonNode> before = everything();
    Answer answer = admin.send(bad.method(), bad.path(), JSON, bad.body());
    assertThat(answer.status()).as(answer.toString()).isEqualTo(bad.status());
    assertProblem(answer);
    if (!bad.field().isEmpty()) {
      assertThat(answer.body().at("/errors/0/field").asString("")).startsWith(bad.field());
      assertThat(answer.body().at("/errors/0/message").asString("")).isNotBlank();
    }
    assertThat(everything()).isEqualTo(before);
  }

  static Stream<Bad> lines() {
    String valid = "{\"platform\":\"x\",\"nativeId\":\"1\",\"text\":\"t\"";
    return Stream.of(
        line("broken JSON", "{\"platform\":\"x\",", ""),
        line("not an object", "[1,2]", ""),
        line("no native id", "{\"platform\":\"x\",\"text\":\"t\"}", "nativeId"),
        line("neither title nor text", "{\"platform\":\"x\",\"nativeId\":\"1\"}", "text"),
        line("no platform", "{\"nativeId\":\"1\",\"text\":\"t\"}", "platform"),
        line("an invalid date", valid + ",\"publishedAt\":\"yesterday\"}", "publishedAt"),
        line("a year far off", valid + ",\"publishedAt\":\"3026-01-01T00:00:00Z\"}", "publishedAt"),
        line("negative likes", valid + ",\"engagement\":{\"likes\":-1}}", "likes"),
        line(
            "a text of 10 MB",
            "{\"platform\":\"x\",\"nativeId\":\"1\",\"text\":\"" + "t".repeat(10_000_000) + "\"}",
            ""));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void rejectsALineAndSaysWhich(Bad bad) throws Exception {
    List<JsonNode> before = everything();
    Answer answer = admin.importLines("\n" + bad.body() + "\n").expect(200);
    assertThat(answer.body().path("accepted").longValue()).isZero();
    assertThat(answer.body().path("rejected").longValue()).isEqualTo(1);
    JsonNode error = answer.body().at("/errors/0");
    assertThat(error.path("line").longValue()).isEqualTo(2);
    assertThat(error.path("field").asString("")).contains(bad.field());
    assertThat(error.path("message").asString("")).isNotBlank();
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void opensNothingToTheWrongKey() throws Exception {
    List<JsonNode> before = everything();
    assertProblem(admin.with("pg_wrong").get("/posts").expect(401));
    assertProblem(admin.with("pg_wrong").post("/queue/pause", "").expect(401));
    String reader = key("reader", "default");
    admin.with(reader).get("/posts").expect(200);
    assertProblem(admin.with(reader).importLines("{}").expect(403));
    assertProblem(
        admin.with(reader).post("/channels", channelBody("\"platform\":\"mastodon\"")).expect(403));
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void keepsWorkspacesApart() throws Exception {
    admin.post("/workspaces", "{\"id\":\"neighbours\"}").expect(201);
    Rest neighbour = admin.with(key("writer", "neighbours"));
    assertProblem(neighbour.get("/channels/" + channel).expect(404));
    assertThat(neighbour.get("/channels").expect(200).body().path("items")).isEmpty();
    Answer stolen =
        neighbour.post(
            "/scheduled-posts",
            "{\"text\":\"x\",\"when\":{\"now\":true},\"channels\":[\"" + channel + "\"]}");
    assertProblem(stolen.expect(422));
    assertThat(grid.arrived()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bomb", "endless", "gone"})
  void survivesAFeedThatMisbehaves(String feed) throws Exception {
    String url = grid.platforms() + "/feeds/" + feed + ".rss";
    String id =
        admin
            .post("/sources", "{\"kind\":\"feed\",\"url\":\"" + url + "\",\"every\":\"PT1H\"}")
            .expect(201)
            .text("id");
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> !admin.get("/sources/" + id).body().path("lastError").asString("").isEmpty());
    assertThat(admin.get("/posts").expect(200).body().path("items")).isEmpty();
    assertThat(grid.isReady()).isTrue();
    admin.send("DELETE", "/sources/" + id, JSON, "").expect(204);
  }

  private static void assertProblem(Answer answer) {
    assertThat(answer.text("title")).as(answer.toString()).isNotBlank();
    assertThat(answer.text("code")).isNotBlank();
    assertThat(answer.text("detail")).isNotBlank();
    assertThat(answer.body().path("status").intValue()).isEqualTo(answer.status());
  }

  /** All that a request could have changed. */
  private static List<JsonNode> everything() throws Exception {
    List<JsonNode> all = new ArrayList<>();
    for (String list : List.of("channels", "sources", "scheduled-posts", "deliveries", "posts")) {
      all.add(admin.get("/" + list + "?limit=500").expect(200).body().path("items"));
    }
    return all;
  }

  private static String key(String name, String workspace) throws Exception {
    String scopes = name.equals("reader") ? "[\"read\"]" : "[\"read\",\"write\"]";
    String body =
        "{\"name\":\"%s\",\"scopes\":%s,\"workspace\":\"%s\"}".formatted(name, scopes, workspace);
    return admin.post("/keys", body).expect(201).text("token");
  }

  private static Bad channel(String what, String fields, String field) {
    return new Bad(what, "POST", "/channels", channelBody(fields), 422, field);
  }

  private static String channelBody(String fields) {
    return "{%s,\"baseUrl\":\"%s/mastodon\",\"credentials\":{\"accessToken\":\"t-a\"}}"
        .formatted(fields, grid.platforms());
  }

  private static Bad scheduled(String what, String fields, String field) {
    String body = "{%s,\"channels\":[\"%s\"]}".formatted(fields, channel);
    return new Bad(what, "POST", "/scheduled-posts", body, 422, field);
  }

  private static Bad line(String what, String line, String field) {
    return new Bad(what, "POST", "/posts/import", line, 200, field);
  }
}
