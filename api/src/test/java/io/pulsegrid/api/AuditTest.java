package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.api.fake.FakeAudit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class AuditTest extends FrontTest {
  @Autowired FakeAudit audit;

  @Test
  void tellsAdministratorsWhoChangedWhatAndFromWhere() {
    String made =
        admin
            .post("/api/v1/keys", "{\"name\":\"audited\",\"scopes\":[\"read\"]}")
            .header("Location");
    admin.delete(made);

    JsonNode entries = admin.get("/api/v1/audit?limit=2").json().path("items");
    assertThat(entries.get(0).path("method").asString()).isEqualTo("DELETE");
    assertThat(entries.get(0).path("path").asString()).isEqualTo(made);
    assertThat(entries.get(0).path("status").asInt()).isEqualTo(204);
    assertThat(entries.get(1).path("path").asString()).isEqualTo("/api/v1/keys");
    assertThat(entries.get(1).path("subject").asString()).isEqualTo(made);
    assertThat(entries.get(1).path("key").asString()).isEqualTo("key-pg_admin");
    assertThat(entries.get(1).path("name").asString()).isEqualTo("name of key-pg_admin");
    assertThat(entries.get(1).path("from").asString()).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(writer.get("/api/v1/audit").status()).isEqualTo(403);
    assertThat(other.get("/api/v1/audit").text()).doesNotContain(made);
    assertProblem(other.get("/api/v1/audit?workspace=default"), 403, "forbidden");
  }

  @Test
  void writesNothingOfWhatChangesNothing() {
    String before = admin.get("/api/v1/audit").text();

    writer.get("/api/v1/queue");
    writer.post("/api/v1/embeddings", "{\"texts\":[\"a\"]}");
    writer.post("/api/v1/scheduled-posts/preview", "{}");
    assertThat(writer.post("/api/v1/channels", "{}").status()).isEqualTo(422);

    assertThat(admin.get("/api/v1/audit").text()).isEqualTo(before);
  }

  @Test
  void changesNothingThatCannotBeWrittenDown() {
    audit.away(true);
    try {
      Http.Answer refused =
          admin.post("/api/v1/keys", "{\"name\":\"unheard\",\"scopes\":[\"read\"]}");
      assertProblem(refused, 503, "unavailable");
    } finally {
      audit.away(false);
    }
    assertThat(admin.get("/api/v1/keys?limit=500").text()).doesNotContain("unheard");
  }

  @Test
  void everyDoorHasItsHeaders() {
    for (String path : new String[] {"/api/v1/queue", "/v3/api-docs", "/"}) {
      Http.Answer answer = reader.get(path);
      assertThat(answer.header("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
      assertThat(answer.header("X-Frame-Options")).as(path).isEqualTo("DENY");
      assertThat(answer.header("Content-Security-Policy")).as(path).contains("default-src 'none'");
      assertThat(answer.header("Referrer-Policy")).as(path).isEqualTo("same-origin");
      assertThat(answer.header("Permissions-Policy")).as(path).contains("camera=()");
    }
  }
}
