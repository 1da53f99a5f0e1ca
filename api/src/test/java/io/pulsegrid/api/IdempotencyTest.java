package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdempotencyTest extends FrontTest {
  private static final String BODY =
      "{\"text\":\"Once\",\"channels\":[\"c1\"],\"when\":{\"at\":\"2026-12-01T08:00:00Z\"}}";

  private Http.Answer schedule(Http who, String key, String body) {
    return who.post("/api/v1/scheduled-posts", body, "Idempotency-Key", key);
  }

  @Test
  void answersAReplayAsTheFirstTime() {
    Http.Answer first = schedule(writer, "a", BODY);
    Http.Answer again = schedule(writer, "a", BODY);
    assertThat(again.status()).isEqualTo(first.status()).isEqualTo(201);
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
    assertThat(again.header("Content-Type")).isEqualTo(first.header("Content-Type"));
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(schedule(writer, "b", BODY).header("Location"))
        .isNotEqualTo(first.header("Location"));
  }

  @Test
  void refusesAnotherRequestUnderTheSameKey() {
    schedule(writer, "c", BODY);
    assertProblem(
        schedule(writer, "c", BODY.replace("Once", "Twice")), 422, "idempotency-key-reused");
    assertProblem(
        writer.post(
            "/api/v1/sources",
            "{\"kind\":\"feed\",\"url\":\"https://a.example\"}",
            "Idempotency-Key",
            "c"),
        422,
        "idempotency-key-reused");
  }

  @Test
  void keepsNothingOfARefusal() {
    assertInvalid(schedule(writer, "d", BODY.replace("c1", "unknown")), "channels[0]");
    assertThat(schedule(writer, "d", BODY).status()).isEqualTo(201);
  }

  @Test
  void keepsTheKeysOfWorkspacesApart() {
    Http.Answer mine = schedule(writer, "e", BODY);
    Http.Answer theirs = schedule(other, "e", BODY);
    assertThat(theirs.header("Location")).isNotEqualTo(mine.header("Location"));
  }

  @Test
  void refusesKeysThatAreNone() {
    assertInvalid(schedule(writer, " ", BODY), "Idempotency-Key");
    assertInvalid(schedule(writer, "x".repeat(256), BODY), "Idempotency-Key");
  }
}
