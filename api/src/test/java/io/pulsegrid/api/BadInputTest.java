package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

class BadInputTest extends FrontTest {
  private static final String CHANNEL =
      "{\"platform\":\"mastodon\",\"handle\":\"@me\",\"baseUrl\":\"http://localhost:1\"%s}";

  private Http.Answer schedule(String body) {
    return writer.post("/api/v1/scheduled-posts", body);
  }

  @Test
  void tellsWhereJsonIsBroken() {
    Http.Answer answer = schedule("{\n  \"text\": \"a\",\n  oops\n}");
    assertProblem(answer, 400, "malformed");
    assertThat(answer.json().path("detail").asString()).contains("line 3, column");
    assertProblem(schedule(""), 400, "malformed");
    assertProblem(schedule("[]"), 400, "malformed");
    assertProblem(schedule("{} trailing"), 400, "malformed");
    assertProblem(schedule("{\"text\":\"a\",\"text\":\"b\"}"), 400, "malformed");
    assertProblem(schedule("[".repeat(2000)), 400, "malformed");
  }

  @Test
  void namesEveryFieldAtFaultAtOnce() {
    assertThat(schedule("{}").fields().split(","))
        .containsExactlyInAnyOrder("text", "channels", "when");
    Http.Answer answer =
        schedule(
            "{\"text\":\" \",\"channels\":[\"c1\",\"\"],\"when\":{\"now\":true},\"priority\":12,"
                + "\"variants\":{\"mastodon\":{}}}");
    assertProblem(answer, 422, "invalid");
    assertThat(answer.fields().split(","))
        .containsExactlyInAnyOrder("text", "channels[1]", "priority", "variants.mastodon.text");
  }

  @Test
  void namesUnknownFields() {
    Http.Answer answer = schedule("{\"text\":\"a\",\"chanels\":[]}");
    assertInvalid(answer, "chanels");
    assertThat(answer.text()).contains("known are channels, expiresAfter, priority, text");
    assertInvalid(schedule("{\"when\":{\"att\":\"x\"}}"), "when.att");
  }

  @Test
  void namesFieldsOfTheWrongType() {
    assertInvalid(schedule("{\"text\":5}"), "text");
    assertInvalid(schedule("{\"text\":{}}"), "text");
    assertInvalid(schedule("{\"channels\":\"c1\"}"), "channels");
    assertInvalid(schedule("{\"channels\":[7]}"), "channels[0]");
    assertInvalid(schedule("{\"priority\":\"high\"}"), "priority");
    assertInvalid(schedule("{\"priority\":1.5}"), "priority");
    assertInvalid(schedule("{\"priority\":99999999999}"), "priority");
    assertInvalid(schedule("{\"when\":\"now\"}"), "when");
    assertInvalid(schedule("{\"when\":{\"now\":\"yes\"}}"), "when.now");
    assertInvalid(schedule("{\"text\":\"a\\u0000b\"}"), "text");
    assertInvalid(schedule("{\"text\":\"a\\ud800b\"}"), "text");
  }

  private Http.Answer when(String when) {
    return schedule("{\"text\":\"a\",\"channels\":[\"c1\"],\"when\":" + when + "}");
  }

  @Test
  void takesExactlyOneFormOfWhen() {
    assertInvalid(when("{}"), "when");
    assertInvalid(when("{\"now\":true,\"at\":\"2026-12-01T08:00:00Z\"}"), "when");
    assertInvalid(when("{\"now\":false}"), "when.now");
    assertInvalid(when("{\"zone\":\"Europe/Paris\"}"), "when.local");
    assertInvalid(when("{\"at\":\"2026-12-01T08:00:00Z\",\"zone\":\"Europe/Paris\"}"), "when.zone");
    assertInvalid(when("{\"slot\":\"soon\"}"), "when.slot");
    assertInvalid(when("{\"slot\":\"next\",\"zone\":\"Europe/Paris\"}"), "when.zone");
    assertInvalid(when("{\"slot\":\"next\",\"local\":\"2026-12-01T09:00\"}"), "when");
  }

  @Test
  void refusesTimesThatAreNone() {
    assertInvalid(when("{\"local\":\"2026-12-01T09:00\",\"zone\":\"Mars/Base\"}"), "when.zone");
    // An offset does not change with the clocks of any place: nine would not stay nine.
    for (String offset : new String[] {"+02:00", "Z", "-5"}) {
      assertInvalid(
          when("{\"local\":\"2026-12-01T09:00\",\"zone\":\"" + offset + "\"}"), "when.zone");
      assertInvalid(
          writer.post("/api/v1/channels", CHANNEL.formatted(",\"zone\":\"" + offset + "\"")),
          "zone");
    }
    assertInvalid(when("{\"local\":\"2026-13-01T09:00\",\"zone\":\"UTC\"}"), "when.local");
    assertInvalid(when("{\"at\":\"tomorrow\"}"), "when.at");
    assertInvalid(when("{\"at\":\"2026-12-01T08:00:00\"}"), "when.at");
    assertInvalid(when("{\"at\":\"+99999-12-01T08:00:00Z\"}"), "when.at");
    assertInvalid(when("{\"at\":1764576000}"), "when.at");
    assertInvalid(when("{\"at\":\"\"}"), "when.at");
    assertInvalid(
        schedule(
            "{\"text\":\"a\",\"channels\":[\"c1\"],\"when\":{\"now\":true},\"expiresAfter\":\"1 day\"}"),
        "expiresAfter");
    assertInvalid(
        schedule(
            "{\"text\":\"a\",\"channels\":[\"c1\",\"c1\"],\"when\":{\"now\":true},"
                + "\"expiresAfter\":\"PT-1H\"}"),
        "channels[1],expiresAfter");
  }

  @Test
  void passesOnWhatTheLedgerRefuses() {
    assertInvalid(when("{\"at\":\"2026-09-01T08:00:00Z\"}"), "when.at");
    assertInvalid(
        schedule("{\"text\":\"a\",\"channels\":[\"unknown\"],\"when\":{\"now\":true}}"),
        "channels[0]");
    assertInvalid(
        schedule(
            "{\"text\":\"" + "x".repeat(501) + "\",\"channels\":[\"c1\"],\"when\":{\"now\":true}}"),
        "text");
  }

  @Test
  void refusesChannelsThatCannotBe() {
    assertInvalid(
        writer.post("/api/v1/channels", CHANNEL.formatted(",\"zone\":\"Nowhere\"")), "zone");
    assertInvalid(
        writer.post("/api/v1/channels", CHANNEL.formatted("").replace("mastodon", "myspace")),
        "platform");
    assertInvalid(
        writer.post("/api/v1/channels", CHANNEL.formatted("").replace("http:", "ftp:")), "baseUrl");
    assertInvalid(
        writer.post(
            "/api/v1/channels",
            CHANNEL.formatted(
                ",\"slots\":[{\"day\":\"MON\",\"time\":\"9\"},{\"day\":\"X\",\"time\":\"09:00\"}]")),
        "slots[0].time,slots[1].day");
    Http.Answer secret =
        writer.post(
            "/api/v1/channels",
            CHANNEL.formatted(",\"credentials\":{\"accessToken\":[\"s3cret\"]}"));
    assertInvalid(secret, "credentials.accessToken");
    assertThat(secret.text()).doesNotContain("s3cret");
  }

  @Test
  void refusesSourcesThatCannotBe() {
    String source = "{\"kind\":\"feed\",\"url\":\"https://example.org/f\"%s}";
    assertInvalid(
        writer.post("/api/v1/sources", source.formatted(",\"every\":\"5 years\"")), "every");
    assertInvalid(
        writer.post("/api/v1/sources", source.formatted(",\"every\":\"PT0.5S\"")), "every");
    assertInvalid(
        writer.post(
            "/api/v1/sources", source.formatted(",\"every\":\"PT5M\",\"cron\":\"0 * * * * ?\"")),
        "cron");
    assertInvalid(writer.post("/api/v1/sources", source.formatted(",\"priority\":10")), "priority");
    assertInvalid(writer.post("/api/v1/sources", "{\"kind\":\"feed\",\"url\":\"no\"}"), "url");
    assertInvalid(
        writer.post("/api/v1/sources", "{\"kind\":\"fax\",\"url\":\"https://example.org\"}"),
        "kind");
  }

  @Test
  void refusesParametersThatCannotBe() {
    assertInvalid(reader.get("/api/v1/posts?limit=0"), "limit");
    assertInvalid(reader.get("/api/v1/posts?limit=501"), "limit");
    assertInvalid(reader.get("/api/v1/posts?limit=many"), "limit");
    assertProblem(reader.get("/api/v1/trends?cursor=%21%21"), 400, "malformed");
    assertInvalid(reader.get("/api/v1/posts?since=yesterday&until=2026"), "since,until");
    assertInvalid(reader.get("/api/v1/posts?trend=x"), "trend");
    Http.Answer state = reader.get("/api/v1/deliveries?state=GONE");
    assertInvalid(state, "state");
    assertThat(state.text()).contains("SCHEDULED, ARMED, RETRY");
    assertInvalid(reader.get("/api/v1/trends?minPosts=0"), "minPosts");
    assertInvalid(reader.get("/api/v1/trends?minPosts=few"), "minPosts");
    assertInvalid(reader.get("/api/v1/search"), "q");
    assertInvalid(reader.get("/api/v1/search?q=a&mode=magic&minLikes=-1"), "mode,minLikes");
    assertInvalid(reader.get("/api/v1/search?q=a&minLikes=x"), "minLikes");
    assertInvalid(reader.get("/api/v1/search?like=short"), "like");
    assertInvalid(
        reader.get("/api/v1/search?q=a&facets=lang,mood&highlight=perhaps"), "facets,highlight");
    assertInvalid(reader.get("/api/v1/search?q=a&facets=lang,"), "facets");
    assertInvalid(reader.get("/api/v1/events?types=post,noise"), "types");
    assertInvalid(admin.post("/api/v1/verify?repair=perhaps", ""), "repair");
    assertProblem(reader.get("/api/v1/posts?platform=a%00b"), 400, "malformed");
    assertProblem(reader.get("/api/v1/posts/%00"), 400, "malformed");
  }

  @Test
  void refusesTimesThatNoRadarHas() {
    assertInvalid(reader.get("/api/v1/trends?at=yesterday&minPosts=0"), "minPosts,at");
    assertInvalid(reader.get("/api/v1/trends?at=2099-01-01T00:00:00Z"), "at");
    assertInvalid(reader.get("/api/v1/trends/unknown?at=noon"), "at");
  }

  @Test
  void knowsNoOtherRoutesMethodsOrTypes() {
    assertProblem(reader.get("/api/v1/nothing"), 404, "not-found");
    Http.Answer method = writer.delete("/api/v1/posts");
    assertProblem(method, 405, "method-not-allowed");
    assertThat(method.header("Allow")).isEqualTo("GET");
    assertProblem(reader.get("/api/v1/trends", "Accept", "text/html"), 406, "not-acceptable");
    Http.Answer type = writer.post("/api/v1/channels", "a=b", "Content-Type", "text/plain");
    assertProblem(type, 415, "unsupported-media-type");
    assertThat(type.header("Accept")).contains("application/json");
    assertProblem(
        writer.post("/api/v1/posts/import", "{}", "Content-Type", "application/json"),
        415,
        "unsupported-media-type");
    assertProblem(
        writer.post("/api/v1/posts/import", "", "Content-Type", "text/csv;charset=ISO-8859-1"),
        415,
        "unsupported-media-type");
  }

  @Test
  void refusesBodiesThatAreTooLarge() {
    String text = "{\"text\":\"" + "x".repeat(10 << 20) + "\"}";
    assertProblem(schedule(text), 413, "too-large");
    byte[] bytes = new byte[(1 << 20) + 1];
    Http.Answer chunked =
        writer.send(
            "POST",
            "/api/v1/embeddings",
            BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes)),
            "Content-Type",
            "application/json");
    assertProblem(chunked, 413, "too-large");
  }

  @Test
  void changesNothing() {
    String before = reader.get("/api/v1/channels").text();
    assertInvalid(
        writer.post("/api/v1/channels", CHANNEL.formatted(",\"zone\":\"Nowhere\"")), "zone");
    assertThat(reader.get("/api/v1/channels").text()).isEqualTo(before);
  }
}
