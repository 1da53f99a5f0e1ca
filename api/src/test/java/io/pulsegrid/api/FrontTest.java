package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A test against the front on a real port. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "pulsegrid.api.heartbeat=250ms")
abstract class FrontTest {
  static final String HTML = "text/html";

  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

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

  /** A page as a browser asks for it that keeps this key. */
  Http.Answer page(String path, String token) {
    return nobody.get(path, "Accept", HTML, "Cookie", "pulsegrid=" + token);
  }

  /** A form that a browser sends off that keeps this key; what guards it costs the key nothing. */
  Http.Answer submit(String path, String form, String token) {
    Http.Answer before = page("/", "");
    Matcher csrf = CSRF.matcher(before.text());
    assertThat(csrf.find()).isTrue();
    String cookie = before.header("Set-Cookie").split(";", 2)[0];
    return nobody.send(
        "POST",
        path,
        BodyPublishers.ofString(
            form + "&_csrf=" + URLEncoder.encode(csrf.group(1), StandardCharsets.UTF_8)),
        "Content-Type",
        "application/x-www-form-urlencoded",
        "Accept",
        HTML,
        "Cookie",
        cookie + (token.isEmpty() ? "" : "; pulsegrid=" + token));
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
