package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.api.fake.FakeAudit;
import io.pulsegrid.api.fake.FakePublishing;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.When;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class AuditTest extends FrontTest {
  @Autowired FakeAudit audit;
  @Autowired FakePublishing ledger;

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

    // What was begun for the last is taken back just after its answer has left.
    await().untilAsserted(() -> assertThat(admin.get("/api/v1/audit").text()).isEqualTo(before));
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
  void writesDownWhatIsDecidedOnThePage() {
    String retry = "/deliveries/" + failed() + "/retry";
    assertThat(submit(retry, "", "pg_write").status()).isEqualTo(302);

    JsonNode entry = admin.get("/api/v1/audit?limit=1").json().path("items").get(0);
    assertThat(entry.path("method").asString()).isEqualTo("POST");
    assertThat(entry.path("path").asString()).isEqualTo(retry);
    assertThat(entry.path("status").asInt()).isEqualTo(302);
    assertThat(entry.path("subject").asString()).isEmpty();
    assertThat(entry.path("key").asString()).isEqualTo("key-pg_write");
    assertThat(entry.path("from").asString()).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
  }

  @Test
  void writesNothingOfWhatThePageRefused() {
    String path = "/deliveries/" + failed();
    submit(path + "/retry", "", "pg_write");
    String before = admin.get("/api/v1/audit").text();

    assertThat(submit(path + "/retry", "", "pg_write").status()).as("overtaken").isEqualTo(409);
    assertThat(submit(path + "/cancel", "", "pg_read").status()).isEqualTo(403);
    submit("/sign-in", "key=pg_write", "pg_write");
    submit("/sign-out", "", "pg_write");

    assertThat(admin.get("/api/v1/audit").text()).isEqualTo(before);
  }

  @Test
  void decidesNothingOnThePageThatCannotBeWrittenDown() {
    String path = "/deliveries/" + failed();
    audit.away(true);
    try {
      Http.Answer refused = submit(path + "/retry", "", "pg_write");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Content-Type")).startsWith(HTML);
    } finally {
      audit.away(false);
    }
    assertThat(writer.get("/api/v1" + path).json().path("state").asString()).isEqualTo("FAILED");
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

  private String failed() {
    String id =
        ledger
            .schedule(
                WorkspaceId.DEFAULT,
                new ScheduledPost.Draft(
                    "audited", List.of("c1"), new When.Now(), Map.of(), 5, Duration.ofHours(1)))
            .deliveries()
            .getFirst()
            .id();
    ledger.move(id, DeliveryState.FAILED, new Delivery.Result(null, null, "422: too long"));
    return id;
  }
}
