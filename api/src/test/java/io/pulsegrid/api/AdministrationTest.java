package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.api.fake.FakeAccess;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class AdministrationTest extends FrontTest {
  @Autowired FakeAccess access;

  @Test
  void makesKeysAndShowsTheirSecretOnce() {
    Http.Answer made =
        admin.post("/api/v1/keys", "{\"name\":\"dashboard\",\"scopes\":[\"read\",\"Write\"]}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    JsonNode json = made.json();
    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder("id", "name", "workspace", "scopes", "createdAt", "token");
    assertThat(json.path("scopes").toString()).isEqualTo("[\"read\",\"write\"]");
    assertThat(json.path("workspace").asString()).isEqualTo("default");
    String token = json.path("token").asString();
    String at = made.header("Location");
    assertThat(at).isEqualTo("/api/v1/keys/" + json.path("id").asString());
    assertThat(admin.get(at).text() + admin.get("/api/v1/keys").text()).doesNotContain(token);
    try (Http fresh = new Http(port, token)) {
      assertThat(fresh.get("/api/v1/queue").status()).isEqualTo(200);
      assertThat(admin.delete(at).status()).isEqualTo(204);
      assertProblem(fresh.get("/api/v1/queue"), 401, "unauthenticated");
    }
    assertProblem(admin.delete(at), 404, "not-found");
  }

  @Test
  void keepsNoSecretForReplays() {
    String body = "{\"name\":\"once\",\"scopes\":[\"read\"]}";
    Http.Answer first = admin.post("/api/v1/keys", body, "Idempotency-Key", "k-1");
    String token = first.json().path("token").asString();
    assertThat(token).startsWith("pg_");
    Http.Answer again = admin.post("/api/v1/keys", body, "Idempotency-Key", "k-1");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(again.json().has("token")).isFalse();
    assertThat(access.keptBodies()).noneMatch(kept -> kept.contains(token));
  }

  @Test
  void refusesKeysThatCannotBe() {
    assertInvalid(
        admin.post("/api/v1/keys", "{\"name\":\"a\",\"scopes\":[\"root\"]}"), "scopes[0]");
    assertInvalid(admin.post("/api/v1/keys", "{\"name\":\"a\",\"scopes\":[]}"), "scopes");
    assertInvalid(
        admin.post("/api/v1/keys", "{\"name\":\"a\",\"scopes\":[\"read\"],\"workspace\":\"A B\"}"),
        "workspace");
    assertInvalid(
        admin.post("/api/v1/keys", "{\"name\":\"a\",\"scopes\":[\"read\"],\"workspace\":\"none\"}"),
        "workspace");
  }

  @Test
  void rotatesAKeyWithAnOverlapOrWithout() {
    Http.Answer made = admin.post("/api/v1/keys", "{\"name\":\"ci\",\"scopes\":[\"read\"]}");
    String at = made.header("Location");
    String first = made.json().path("token").asString();

    Http.Answer rotated = admin.post(at + "/rotate", "{\"overlap\":\"2h\"}");
    assertThat(rotated.status()).as(rotated.text()).isEqualTo(200);
    String second = rotated.json().path("token").asString();
    assertThat(rotated.json().path("id")).isEqualTo(made.json().path("id"));
    try (Http former = new Http(port, first);
        Http fresh = new Http(port, second)) {
      assertThat(former.get("/api/v1/queue").status()).isEqualTo(200);
      assertThat(fresh.get("/api/v1/queue").status()).isEqualTo(200);
      admin.post(at + "/rotate", "{\"overlap\":\"PT0S\"}");
      assertThat(fresh.get("/api/v1/queue").status()).isEqualTo(401);
    }
    assertInvalid(admin.post(at + "/rotate", "{\"overlap\":\"31d\"}"), "overlap");
    assertProblem(admin.post("/api/v1/keys/none/rotate", "{}"), 404, "not-found");
    assertThat(reader.post(at + "/rotate", "{}").status()).isEqualTo(403);
    assertThat(admin.delete(at).status()).isEqualTo(204);
  }

  @Test
  void keepsTheLastAdminKey() {
    assertProblem(admin.delete("/api/v1/keys/key-pg_admin"), 409, "conflict");
  }

  @Test
  void opensAWorkspaceOfItsOwn() {
    Http.Answer made = admin.post("/api/v1/workspaces", "{\"id\":\"acme\"}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().propertyNames()).containsExactlyInAnyOrder("id", "createdAt");
    assertThat(admin.get(made.header("Location")).json().path("id").asString()).isEqualTo("acme");
    assertProblem(admin.post("/api/v1/workspaces", "{\"name\":\"acme\"}"), 409, "conflict");
    assertInvalid(admin.post("/api/v1/workspaces", "{\"id\":\"Not This\"}"), "id");
    assertProblem(other.get("/api/v1/workspaces/acme"), 404, "not-found");
    assertThat(admin.get("/api/v1/workspaces").text()).contains("acme");

    Http.Answer key =
        admin.post(
            "/api/v1/keys", "{\"name\":\"acme\",\"scopes\":[\"admin\"],\"workspace\":\"acme\"}");
    assertThat(admin.get("/api/v1/keys?workspace=acme").json().path("items").size()).isEqualTo(1);
    try (Http acme = new Http(port, key.json().path("token").asString())) {
      assertThat(acme.get("/api/v1/keys").json().path("items").size()).isEqualTo(1);
      assertProblem(
          acme.post(
              "/api/v1/keys", "{\"name\":\"x\",\"scopes\":[\"admin\"],\"workspace\":\"default\"}"),
          403,
          "forbidden");
      assertProblem(acme.delete("/api/v1/keys/key-pg_admin"), 404, "not-found");
    }
    assertThat(admin.delete(key.header("Location")).status()).isEqualTo(204);
  }

  @Test
  void showsTheNodes() {
    JsonNode node = reader.get("/api/v1/nodes").json().path("items").get(0);
    assertThat(node.toString())
        .isEqualTo(
            "{\"id\":\"3f6c1f6e-6a5b-4f0e-9d43-0b6f9a4f1c11\",\"pid\":4711,\"http\":"
                + "\"http://127.0.0.1:8080\",\"grid\":\"pulsegrid\",\"state\":\"ready\",\"since\":"
                + "\"2026-10-01T09:00:00Z\",\"primaries\":1024,\"gpu\":false}");
  }

  @Test
  void drainsANodeForAdministratorsOnly() {
    String path = "/api/v1/nodes/3f6c1f6e-6a5b-4f0e-9d43-0b6f9a4f1c11/drain";
    assertThat(reader.post(path, "").status()).isEqualTo(403);
    assertThat(admin.post(path, "").status()).isEqualTo(409);
    assertThat(admin.post(path.replace("3f6c", "0000"), "").status()).isEqualTo(404);
    assertThat(admin.post("/api/v1/nodes/first/drain", "").status()).isEqualTo(422);
  }

  @Test
  void verifiesAndRepairs() {
    JsonNode report = admin.post("/api/v1/verify", "").json();
    assertThat(report.propertyNames())
        .containsExactlyInAnyOrder(
            "clean",
            "gridPosts",
            "storedPosts",
            "indexedPosts",
            "gridVectors",
            "storedVectors",
            "differing",
            "repaired",
            "differences");
    assertThat(report.path("clean").asBoolean()).isTrue();
    assertThat(report.path("indexedPosts").asLong()).isEqualTo(9);
    assertThat(admin.post("/api/v1/verify?repair=true", "").json().path("repaired").asLong())
        .isEqualTo(1);
  }
}
