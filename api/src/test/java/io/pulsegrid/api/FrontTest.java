package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A test against the front on a real port. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "pulsegrid.api.heartbeat=250ms")
abstract class FrontTest {
  @LocalServerPort int port;

  Http admin = new Http(0, "");
  Http writer = admin;
  Http reader = admin;
  Http other = admin;
  Http nobody = admin;

  @BeforeEach
  void connect() {
    admin = new Http(port, "pg_admin");
    writer = new Http(port, "pg_write");
    reader = new Http(port, "pg_read");
    other = new Http(port, "pg_other");
    nobody = new Http(port, "");
  }

  @AfterEach
  void hangUp() {
    admin.close();
    writer.close();
    reader.close();
    other.close();
    nobody.close();
  }

  static void assertProblem(Http.Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.json().propertyNames())
        .containsExactlyInAnyOrder("type", "title", "status", "detail", "code", "errors");
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.json().path("detail").asString()).isNotBlank();
  }

  static void assertInvalid(Http.Answer answer, String fields) {
    assertProblem(answer, 422, "invalid");
    assertThat(answer.fields()).isEqualTo(fields);
  }
}
