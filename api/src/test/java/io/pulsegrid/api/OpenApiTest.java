package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.telling.Alert;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenApiTest extends FrontTest {
  @Test
  void describesEveryResourceWithItsKeyAndItsProblems() {
    JsonNode api = nobody.get("/v3/api-docs").json();
    assertThat(api.path("components").path("securitySchemes").path("key").path("scheme").asString())
        .isEqualTo("bearer");
    assertThat(
            api.path("components")
                .path("schemas")
                .path("Problem")
                .path("properties")
                .propertyNames())
        .containsExactlyInAnyOrder("type", "title", "status", "detail", "code", "errors");
    assertThat(api.path("paths").propertyNames())
        .contains(
            "/api/v1/posts/import",
            "/api/v1/posts/{id}",
            "/api/v1/posts/{id}/engagement",
            "/api/v1/posts/{id}/copies",
            "/api/v1/deliveries/{id}/engagement",
            "/api/v1/search",
            "/api/v1/embeddings",
            "/api/v1/trends/{id}/posts",
            "/api/v1/sources/{id}/collect",
            "/api/v1/channels/{id}",
            "/api/v1/scheduled-posts/{id}",
            "/api/v1/series/{id}",
            "/api/v1/scheduled-posts/batch",
            "/api/v1/scheduled-posts/preview",
            "/api/v1/deliveries/{id}/why",
            "/api/v1/workers",
            "/api/v1/deliveries/{id}/confirm",
            "/api/v1/rate-limits/{scope}",
            "/api/v1/rate-limits/{scope}/block",
            "/api/v1/queue/pause",
            "/api/v1/nodes",
            "/api/v1/nodes/{id}/drain",
            "/api/v1/events",
            "/api/v1/alerts",
            "/api/v1/webhooks/{id}",
            "/api/v1/webhooks/{id}/resume",
            "/api/v1/subscriptions",
            "/api/v1/subscriptions/{id}",
            "/api/v1/keys",
            "/api/v1/keys/{id}/rotate",
            "/api/v1/audit",
            "/api/v1/workspaces",
            "/api/v1/verify")
        .allMatch(path -> path.startsWith("/api/v1/"));
    JsonNode post = api.path("paths").path("/api/v1/scheduled-posts").path("post");
    assertThat(post.path("responses").propertyNames())
        .contains("201", "400", "401", "403", "409", "413", "415", "422", "429", "500", "503");
    assertThat(post.path("responses").path("201").path("headers").propertyNames())
        .containsExactlyInAnyOrder("Location", "ETag");
    assertThat(post.path("parameters").toString()).contains("Idempotency-Key");
    assertThat(post.path("responses").path("422").path("content").propertyNames())
        .containsExactly("application/problem+json");
  }

  @Test
  void describesShapesAsTheyAre() {
    JsonNode schemas = nobody.get("/v3/api-docs").json().path("components").path("schemas");
    JsonNode trend = schemas.path("Trend").path("properties");
    assertThat(trend.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "label",
            "keywords",
            "summary",
            "state",
            "score",
            "postCount",
            "platforms",
            "firstSeen",
            "lastSeen",
            "history",
            "evidence",
            "forecast");
    assertThat(schemas.path("Source").path("properties").path("every").path("type").asString())
        .isEqualTo("string");
    assertThat(schemas.path("ScheduledPostRequest").path("required").toString())
        .contains("text", "channels", "when");
    assertThat(schemas.path("Channel").path("properties").has("credentials")).isFalse();
    assertThat(schemas.path("Attempt").path("properties").propertyNames())
        .containsExactlyInAnyOrder(
            "number",
            "startedAt",
            "endedAt",
            "node",
            "fence",
            "outcome",
            "httpStatus",
            "detail",
            "next");
    assertThat(schemas.path("Alert").path("properties").path("kind").path("enum").size())
        .isEqualTo(Alert.Kind.values().length);
  }
}
