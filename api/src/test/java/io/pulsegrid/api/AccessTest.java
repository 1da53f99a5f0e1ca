package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccessTest extends FrontTest {
  @Test
  void asksForAKey() {
    Http.Answer answer = nobody.get("/api/v1/trends");
    assertProblem(answer, 401, "unauthenticated");
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"pulsegrid\"");
  }

  @Test
  void refusesAWrongKey() {
    try (Http stranger = new Http(port, "pg_wrong")) {
      Http.Answer answer = stranger.get("/api/v1/trends");
      assertProblem(answer, 401, "unauthenticated");
      assertThat(answer.header("WWW-Authenticate")).contains("invalid_token");
    }
  }

  @Test
  void tellsNobodyWithoutAKeyWhatExists() {
    assertProblem(nobody.get("/api/v1/nothing"), 401, "unauthenticated");
    assertProblem(nobody.post("/api/v1/channels", "{"), 401, "unauthenticated");
  }

  @Test
  void readKeysReadAndChangeNothing() {
    assertThat(reader.get("/api/v1/queue").status()).isEqualTo(200);
    Http.Answer answer = reader.post("/api/v1/channels", "{}");
    assertProblem(answer, 403, "forbidden");
    assertThat(answer.json().path("detail").asString()).contains("write");
    assertProblem(reader.delete("/api/v1/channels/c1"), 403, "forbidden");
    assertThat(reader.post("/api/v1/embeddings", "{\"texts\":[\"a\"]}").status()).isEqualTo(200);
  }

  @Test
  void administrationTakesAnAdminKey() {
    for (String path : new String[] {"/api/v1/keys", "/api/v1/workspaces", "/api/v1/%6Beys"}) {
      assertProblem(writer.get(path), 403, "forbidden");
      assertThat(admin.get(path).status()).isEqualTo(200);
    }
    assertProblem(writer.post("/api/v1/verify", ""), 403, "forbidden");
    assertProblem(writer.post("/api/v1/queue/pause", ""), 403, "forbidden");
    assertProblem(writer.delete("/api/v1/rate-limits/app:mastodon/block"), 403, "forbidden");
    assertProblem(writer.delete("/api/v1/rate-limits/app%3Amastodon/block"), 403, "forbidden");
    assertProblem(writer.put("/api/v1/rate-limits/app:mastodon", "{}"), 403, "forbidden");
    assertProblem(writer.delete("/api/v1/rate-limits/app%3Amastodon"), 403, "forbidden");
    assertProblem(writer.delete("/api/v1/rate-limits/%61pp:mastodon/block"), 403, "forbidden");
  }

  @Test
  void whatConcernsEveryWorkspaceTakesAnAdminOfTheFirst() {
    assertProblem(other.post("/api/v1/queue/pause", ""), 403, "forbidden");
    assertProblem(other.post("/api/v1/verify", ""), 403, "forbidden");
    assertProblem(other.delete("/api/v1/rate-limits/app:mastodon/block"), 403, "forbidden");
    assertProblem(other.post("/api/v1/workspaces", "{\"id\":\"mine\"}"), 403, "forbidden");
    assertThat(other.get("/api/v1/workspaces").json().path("items").size()).isEqualTo(1);
    assertProblem(other.get("/api/v1/keys?workspace=default"), 403, "forbidden");
  }

  @Test
  void someDoorsAreOpen() {
    assertThat(nobody.get("/v3/api-docs").status()).isEqualTo(200);
    // The node brings the actuator; what matters here is that no key is asked for.
    assertThat(nobody.get("/actuator/health").status()).isEqualTo(404);
    assertThat(nobody.get("/actuator/prometheus").status()).isEqualTo(404);
    assertThat(nobody.get("/actuator/health/readiness").status()).isEqualTo(404);
  }
}
