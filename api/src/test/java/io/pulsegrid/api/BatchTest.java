package io.pulsegrid.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BatchTest extends FrontTest {
  private static final String BATCH = "/api/v1/scheduled-posts/batch";

  private static String post(String text, String when) {
    return "{\"text\":\"" + text + "\",\"channels\":[\"c1\"],\"when\":" + when + "}";
  }

  private Http.Answer csv(String body) {
    return writer.post(BATCH, body, "Content-Type", "text/csv");
  }

  @Test
  void eachRowHasItsResultAndTheGoodOnesAreCreated() {
    String body =
        "["
            + String.join(
                ",",
                post("one", "{\"now\":true}"),
                post("", "{\"now\":true}"),
                "{\"text\":\"no such field\",\"channel\":\"c1\"}",
                post("badly timed", "{\"local\":\"tomorrow\"}"),
                "7",
                post("x".repeat(501), "{\"slot\":\"next\"}"),
                post("two", "{\"slot\":\"next\"}"),
                "null")
            + "]";
    Http.Answer answer = writer.post(BATCH, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode json = answer.json();
    assertThat(json.path("created").asInt()).isEqualTo(2);
    assertThat(json.path("refused").asInt()).isEqualTo(6);
    JsonNode results = json.path("results");
    assertThat(results.get(0).path("line").asInt()).isEqualTo(1);
    assertThat(results.get(0).path("state").asString()).isEqualTo("SCHEDULED");
    assertThat(results.get(0).path("resolved").get(0).has("at")).isTrue();
    assertThat(fieldOf(results.get(1))).isEqualTo("text");
    assertThat(fieldOf(results.get(2))).isEqualTo("channel");
    assertThat(fieldOf(results.get(3))).isEqualTo("when.local");
    assertThat(results.get(4).has("errors")).isTrue();
    assertThat(fieldOf(results.get(5))).isEqualTo("text");
    assertThat(fieldOf(results.get(7))).isEqualTo("post");
    String id = results.get(6).path("id").asString();
    assertThat(reader.get("/api/v1/scheduled-posts/" + id).json().path("text").asString())
        .isEqualTo("two");
  }

  @Test
  void atomicIsAllOrNothing() {
    String good = post("good", "{\"now\":true}");
    String body = "[" + good + "," + post("", "{\"now\":true}") + "]";
    assertInvalid(writer.post(BATCH + "?atomic=true", body), "[1].text");
    String refused = "[" + good + "," + post("x".repeat(501), "{\"now\":true}") + "]";
    assertInvalid(writer.post(BATCH + "?atomic=true", refused), "[1].text");
    assertThat(reader.get("/api/v1/scheduled-posts").text()).doesNotContain("\"good\"");
    assertThat(writer.post(BATCH + "?atomic=true", "[" + good + "]").json().path("created").asInt())
        .isEqualTo(1);
  }

  @Test
  void aCsvSaysTheSame() {
    Http.Answer answer =
        csv(
            "\uFEFF"
                + """
                text,channels,local,zone,now,priority,variant.mastodon\r
                "Hello, ""world""
                2",c1 c2,2027-03-28T02:30,Europe/Paris,,7,\r
                \r
                short,c1,,,true,,other words
                late,c1,,,true,high,
                few,c1
                """);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode results = answer.json().path("results");
    JsonNode first = results.get(0);
    assertThat(first.path("line").asInt()).isEqualTo(2);
    assertThat(first.path("resolved").get(0).path("at").asString())
        .isEqualTo("2027-03-28T01:30:00Z");
    JsonNode made = reader.get("/api/v1/scheduled-posts/" + first.path("id").asString()).json();
    assertThat(made.path("text").asString()).isEqualTo("Hello, \"world\"\n2");
    assertThat(made.path("channels").size()).isEqualTo(2);
    assertThat(made.path("priority").asInt()).isEqualTo(7);
    JsonNode second = results.get(1);
    assertThat(second.path("line").asInt()).isEqualTo(5);
    assertThat(
            reader
                .get("/api/v1/scheduled-posts/" + second.path("id").asString())
                .json()
                .path("variants")
                .path("mastodon")
                .path("text")
                .asString())
        .isEqualTo("other words");
    assertThat(fieldOf(results.get(2))).isEqualTo("priority");
    assertThat(fieldOf(results.get(3))).isEqualTo("line");
  }

  @Test
  void anAtomicCsvIsAllOrNothing() {
    String rows = "text,channels,now\ngood of a table,c1,true\n";
    assertInvalid(atomicCsv(rows + ",c1,true\n"), "[1].text");
    assertInvalid(atomicCsv(rows + "late,c1,true,7\n"), "[1].line");
    assertThat(reader.get("/api/v1/scheduled-posts").text()).doesNotContain("good of a table");
    assertThat(atomicCsv(rows).json().path("created").asInt()).isEqualTo(1);
  }

  private Http.Answer atomicCsv(String rows) {
    return writer.send(
        "POST", BATCH + "?atomic=true", BodyPublishers.ofString(rows), "Content-Type", "text/csv");
  }

  @Test
  void aCsvInAnotherEncodingIsRefusedWhole() {
    byte[] latin =
        "text,channels,now\nof a latin file,c1,true\nCaf\u00e9,c1,true\n".getBytes(ISO_8859_1);
    Http.Answer unsaid =
        writer.send("POST", BATCH, BodyPublishers.ofByteArray(latin), "Content-Type", "text/csv");
    assertInvalid(unsaid, "line 3");
    assertThat(unsaid.text()).contains("UTF-8");
    Http.Answer said =
        writer.send(
            "POST",
            BATCH,
            BodyPublishers.ofByteArray(latin),
            "Content-Type",
            "text/csv;charset=ISO-8859-1");
    assertProblem(said, 415, "unsupported-media-type");
    assertThat(reader.get("/api/v1/scheduled-posts").text()).doesNotContain("of a latin file");
  }

  @Test
  void warnsOfWhatWasSaidBefore() {
    String body = "[" + post("new", "{\"now\":true}") + "," + post("again", "{\"now\":true}") + "]";
    JsonNode results = writer.post(BATCH, body).json().path("results");

    assertThat(results.get(0).has("warnings")).isFalse();
    assertThat(results.get(1).path("warnings").get(0).path("field").asString()).isEqualTo("text");
  }

  @Test
  void whatIsNoBatchIsRefusedWhole() {
    assertInvalid(writer.post(BATCH, "{}"), "body");
    assertInvalid(writer.post(BATCH, "[]"), "body");
    assertProblem(csv(""), 400, "malformed");
    assertInvalid(csv("\n"), "header");
    assertInvalid(csv("text\nhello"), "header");
    assertInvalid(csv("text,channels,colour\nhello,c1,red"), "header");
    assertInvalid(csv("text,channels,now\n\"hello,c1,true"), "line 2");
    String many = String.join(",", Collections.nCopies(20_001, "{}"));
    assertInvalid(writer.post(BATCH, "[" + many + "]"), "body");
  }

  @Test
  void aRepeatedBatchAnswersAsBefore() {
    String body = "[" + post("once", "{\"now\":true}") + "]";
    Http.Answer first = writer.post(BATCH, body, "Idempotency-Key", "batch-1");
    assertThat(writer.post(BATCH, body, "Idempotency-Key", "batch-1").text())
        .isEqualTo(first.text());
    assertThat(reader.get("/api/v1/scheduled-posts").text().split("\"once\"", -1)).hasSize(2);
  }

  private static String fieldOf(JsonNode result) {
    return result.path("errors").get(0).path("field").asString();
  }
}
