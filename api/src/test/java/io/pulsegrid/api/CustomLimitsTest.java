package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CustomLimitsTest extends FrontTest {
  private String scope = "";

  @BeforeEach
  void makeAChannel() {
    String channel =
        "{\"platform\":\"mastodon\",\"handle\":\"@me\",\"baseUrl\":\"https://social.example\","
            + "\"credentials\":{\"accessToken\":\"t-s3cret\"},\"zone\":\"Europe/Paris\"}";
    String id = writer.post("/api/v1/channels", channel).json().path("id").asString();
    scope = "/api/v1/rate-limits/channel:" + id;
  }

  @Test
  void setsALimitTellsItAndTakesItBack() {
    Http.Answer set =
        writer.put(scope, "{\"action\":\"publish\",\"windowSeconds\":3600,\"limit\":5}");
    assertThat(set.status()).as(set.text()).isEqualTo(200);
    JsonNode item = set.json().path("items").get(0);
    assertThat(item.path("windowSeconds").asLong()).isEqualTo(3_600);
    assertThat(item.path("limit").asInt()).isEqualTo(5);
    assertThat(item.path("custom").asBoolean()).isTrue();

    writer.put(scope, "{\"action\":\"like\",\"windowSeconds\":60,\"limit\":1}");
    assertThat(writer.delete(scope + "?action=publish&windowSeconds=3600").status()).isEqualTo(204);
    Http.Answer left =
        writer.put(scope, "{\"action\":\"follow\",\"windowSeconds\":60,\"limit\":1}");
    assertThat(left.json().path("items").findValuesAsString("action"))
        .containsExactly("like", "follow");
    assertThat(writer.delete(scope).status()).isEqualTo(204);
  }

  @Test
  void holdsAScopeBackWithAReason() {
    Http.Answer blocked =
        writer.put(scope, "{\"blockedUntil\":\"2099-01-01T00:00:00Z\",\"reason\":\"it is moved\"}");
    assertThat(blocked.json().path("items").get(0).path("reason").asString())
        .isEqualTo("it is moved");
    assertThat(
            admin
                .put(
                    "/api/v1/rate-limits/app:mastodon",
                    "{\"action\":\"publish\",\"windowSeconds\":60,\"limit\":5}")
                .status())
        .isEqualTo(200);
  }

  @Test
  void refusesWhatMakesNoSenseByItsField() {
    assertInvalid(writer.put(scope, "{}"), "action,windowSeconds,limit");
    assertInvalid(writer.put(scope, "{\"action\":\"publish\",\"limit\":5}"), "windowSeconds");
    assertInvalid(
        writer.put(scope, "{\"action\":\"publish\",\"windowSeconds\":60,\"limit\":0}"), "limit");
    assertInvalid(
        writer.put(scope, "{\"action\":\"publish\",\"windowSeconds\":\"soon\",\"limit\":1}"),
        "windowSeconds");
    assertInvalid(writer.put(scope, "{\"reason\":\"because\"}"), "blockedUntil");
    assertInvalid(
        writer.put(
            scope,
            "{\"action\":\"publish\",\"windowSeconds\":60,\"limit\":1,"
                + "\"blockedUntil\":\"2099-01-01T00:00:00Z\",\"reason\":\"both\"}"),
        "blockedUntil");
    assertProblem(
        writer.put(
            "/api/v1/rate-limits/channel:nobody",
            "{\"action\":\"publish\",\"windowSeconds\":60,\"limit\":1}"),
        404,
        "not-found");
    assertProblem(other.delete(scope), 404, "not-found");
  }
}
