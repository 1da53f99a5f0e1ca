package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final String HIDDEN = "hunter2-and-more";

  @TempDir Path data;
  private Redaction redaction =
      Redaction.of(Path.of("nowhere"), OuterSettings.of(null, Map.of()), "");

  @BeforeEach
  void knowThisMachinesSecrets() throws IOException {
    Files.writeString(data.resolve("credentials.key"), "c2VhbGVkLXdpdGgtdGhpcw==\n");
    Files.writeString(data.resolve("postgres.url"), "jdbc:postgresql://127.0.0.1:5433/postgres\n");
    redaction =
        Redaction.of(
            data,
            OuterSettings.of(
                null, Map.of("PULSEGRID_STORE_PASSWORD", "plain words here", "PATH", "/bin")),
            "key-x1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer " + HIDDEN,
        "jdbc:postgresql://db/p?user=" + HIDDEN + "&password=" + HIDDEN,
        "https://me:" + HIDDEN + "@mastodon.example/feed",
        "{\"accessToken\":\"" + HIDDEN + "\"}",
        "{\"client_secret\" : \"" + HIDDEN + "\", \"a\": 1}",
        "pulsegrid.store.password: " + HIDDEN,
        "PULSEGRID_SUMMARIES_TOKEN=" + HIDDEN,
        "api-key = '" + HIDDEN + "'",
        "GET /v1/search?access_token=" + HIDDEN + " failed",
        "pg_" + HIDDEN
      })
  void takesOutWhatLooksLikeASecret(String text) {
    assertThat(redaction.of(text)).doesNotContain(HIDDEN).contains("[redacted]");
  }

  @Test
  void takesOutWhatThisMachineKnowsWordForWord() {
    assertThat(
            redaction.of(
                "sealed with c2VhbGVkLXdpdGgtdGhpcw==, said plain words here to"
                    + " jdbc:postgresql://127.0.0.1:5433/postgres as key-x1"))
        .isEqualTo("sealed with [redacted], said [redacted] to [redacted] as [redacted]");
  }

  @Test
  void takesOutTheSecretsOfASettingsFileWhereverTheyStand() throws IOException {
    Path file =
        Files.writeString(
            data.resolve("node.yml"),
            """
            pulsegrid:
              tls:
                key-store: /etc/node.p12
                key-store-password: my long, pass
              summaries:
                key: sk-abc
              store:
                password: |
                  first line
                  second line
              mirrors:
                - name: east
                  token: two words
            other.token: my long, pass and more
            """);
    var settings = OuterSettings.of(file, Map.of());
    var knowing = Redaction.of(data, settings, "");

    assertThat(knowing.of(Redaction.listed(settings.file())))
        .isEqualTo(
            """
            other.token=[redacted]
            pulsegrid.mirrors[0].name=east
            pulsegrid.mirrors[0].token=[redacted]
            pulsegrid.store.password=[redacted]
            pulsegrid.summaries.key=[redacted]
            pulsegrid.tls.key-store=/etc/node.p12
            pulsegrid.tls.key-store-password=[redacted]
            """);
    assertThat(knowing.of("refused sk-abc, then my long, pass and more, then\n  second line"))
        .isEqualTo("refused [redacted], then [redacted], then\n  [redacted]");
  }

  @Test
  void leavesTheRest() {
    String line = "12:00:01 INFO io.pulsegrid.Node joined 3 nodes at 127.0.0.1:47500 (key: none)";

    assertThat(redaction.of(line)).isEqualTo(line);
  }
}
