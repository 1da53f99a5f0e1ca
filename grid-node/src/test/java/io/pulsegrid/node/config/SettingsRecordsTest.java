package io.pulsegrid.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Of each record: its defaults, that each key maps, that each bad value is refused. */
class SettingsRecordsTest {
  @Test
  void hasDefaults() {
    assertThat(bound(DirectorySettings.class))
        .isEqualTo(new DirectorySettings(Path.of("data"), Path.of("config")));
    assertThat(bound(NodeSettings.class)).isEqualTo(new NodeSettings(0, false));
    assertThat(bound(StoreSettings.class))
        .isEqualTo(
            new StoreSettings(null, null, null, 16, Duration.ofSeconds(5), Duration.ofMinutes(1)));
    assertThat(bound(NetSettings.class)).isEqualTo(new NetSettings(true));
    assertThat(bound(ClientSettings.class)).isEqualTo(new ClientSettings("127.0.0.1", 10_800));
    assertThat(bound(TlsSettings.class)).isEqualTo(new TlsSettings(null, null, null, null));
    assertThat(bound(SqlSettings.class)).isEqualTo(new SqlSettings(Duration.ofSeconds(10), 4));
    assertThat(bound(ListeningSettings.class).vectors())
        .isEqualTo(ListeningSettings.Vectors.FLOAT32);
    assertThat(bound(LogSettings.class)).isEqualTo(new LogSettings(LogSettings.Format.PLAIN));
    assertThat(bound(RetentionSettings.class))
        .isEqualTo(
            new RetentionSettings(
                Duration.ofDays(365),
                Duration.ofDays(7),
                Duration.ofDays(365),
                Duration.ofDays(90),
                Duration.ofDays(365),
                Duration.ofMinutes(10)));
    assertThat(bound(WebhookSettings.class))
        .isEqualTo(
            new WebhookSettings(
                Duration.ofSeconds(10),
                15,
                Duration.ofSeconds(5),
                Duration.ofHours(1),
                Duration.ofDays(7)));
    assertThat(bound(SummarySettings.class))
        .isEqualTo(
            new SummarySettings(
                null,
                null,
                null,
                5,
                400,
                500_000,
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                Duration.ofSeconds(30),
                Duration.ofDays(30)));
  }

  @Test
  void mapsEachKey() {
    assertThat(
            bound(
                DirectorySettings.class,
                Map.of("pulsegrid.data", "/var/pg", "pulsegrid.config", "/etc/pg")))
        .isEqualTo(new DirectorySettings(Path.of("/var/pg"), Path.of("/etc/pg")));
    assertThat(
            bound(
                NodeSettings.class,
                Map.of("pulsegrid.node.index", "2", "pulsegrid.node.stop-with-input", "true")))
        .isEqualTo(new NodeSettings(2, true));
    assertThat(
            bound(
                StoreSettings.class,
                Map.of(
                    "pulsegrid.store.url", "jdbc:postgresql://db/pulsegrid",
                    "pulsegrid.store.user", "me",
                    "pulsegrid.store.password", "secret",
                    "pulsegrid.store.pool", "8",
                    "pulsegrid.store.patience", "PT1S",
                    "pulsegrid.store.silence", "PT2S")))
        .isEqualTo(
            new StoreSettings(
                "jdbc:postgresql://db/pulsegrid",
                "me",
                "secret",
                8,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2)));
    assertThat(
            bound(
                ClientSettings.class,
                Map.of("pulsegrid.client.host", "10.0.0.1", "pulsegrid.client.port", "1")))
        .isEqualTo(new ClientSettings("10.0.0.1", 1));
    assertThat(
            bound(
                TlsSettings.class,
                Map.of(
                    "pulsegrid.tls.key-store", "k.p12",
                    "pulsegrid.tls.key-store-password", "a",
                    "pulsegrid.tls.trust-store", "t.p12",
                    "pulsegrid.tls.trust-store-password", "b")))
        .isEqualTo(new TlsSettings(Path.of("k.p12"), "a", Path.of("t.p12"), "b"));
    assertThat(
            bound(
                SqlSettings.class,
                Map.of("pulsegrid.sql.timeout", "PT1S", "pulsegrid.sql.at-once", "2")))
        .isEqualTo(new SqlSettings(Duration.ofSeconds(1), 2));
    assertThat(bound(NetSettings.class, Map.of("pulsegrid.net.allow-private", "false")))
        .isEqualTo(new NetSettings(false));
    assertThat(
            bound(ListeningSettings.class, Map.of("pulsegrid.listening.vectors", "int8")).vectors())
        .isEqualTo(ListeningSettings.Vectors.INT8);
    assertThat(bound(LogSettings.class, Map.of("pulsegrid.log.format", "json")))
        .isEqualTo(new LogSettings(LogSettings.Format.JSON));
    assertThat(
            bound(
                RetentionSettings.class,
                Map.of(
                    "pulsegrid.retention.posts", "P30D",
                    "pulsegrid.retention.tombstones", "P8D",
                    "pulsegrid.retention.attempts", "P90D",
                    "pulsegrid.retention.alerts", "P91D",
                    "pulsegrid.retention.audit", "P92D",
                    "pulsegrid.retention.every", "PT1M")))
        .isEqualTo(
            new RetentionSettings(
                Duration.ofDays(30),
                Duration.ofDays(8),
                Duration.ofDays(90),
                Duration.ofDays(91),
                Duration.ofDays(92),
                Duration.ofMinutes(1)));
    assertThat(
            bound(
                WebhookSettings.class,
                Map.of(
                    "pulsegrid.webhooks.timeout", "PT3S",
                    "pulsegrid.webhooks.tries", "4",
                    "pulsegrid.webhooks.retry-first", "PT1S",
                    "pulsegrid.webhooks.retry-longest", "PT2M",
                    "pulsegrid.webhooks.keep", "P1D")))
        .isEqualTo(
            new WebhookSettings(
                Duration.ofSeconds(3),
                4,
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                Duration.ofDays(1)));
    assertThat(
            bound(
                SummarySettings.class,
                Map.of(
                    "pulsegrid.summaries.url", "http://127.0.0.1:11434/v1",
                    "pulsegrid.summaries.model", "tiny",
                    "pulsegrid.summaries.key", "secret",
                    "pulsegrid.summaries.min-posts", "3",
                    "pulsegrid.summaries.max-tokens", "100",
                    "pulsegrid.summaries.tokens-per-day", "1000",
                    "pulsegrid.summaries.prompt-price", "0.15",
                    "pulsegrid.summaries.completion-price", "0.6",
                    "pulsegrid.summaries.timeout", "PT5S",
                    "pulsegrid.summaries.kept", "P1D")))
        .isEqualTo(
            new SummarySettings(
                URI.create("http://127.0.0.1:11434/v1"),
                "tiny",
                "secret",
                3,
                100,
                1000,
                new BigDecimal("0.15"),
                new BigDecimal("0.6"),
                Duration.ofSeconds(5),
                Duration.ofDays(1)));
  }

  @Test
  void refusesEachBadValue() {
    refuses(ClientSettings.class, "pulsegrid.client.host", " ", "host must not be blank");
    refuses(ClientSettings.class, "pulsegrid.client.port", "0", "port must be 1 to 65535, was 0");
    refuses(
        TlsSettings.class,
        "pulsegrid.tls.key-store",
        "k.p12",
        "key-store, key-store-password, trust-store and trust-store-password must be set together");
    refuses(SqlSettings.class, "pulsegrid.sql.timeout", "PT0S", "timeout must be PT0.1S to PT10M");
    refuses(SqlSettings.class, "pulsegrid.sql.at-once", "17", "at-once must be 1 to 16, was 17");
    refuses(NodeSettings.class, "pulsegrid.node.index", "-1", "index must be between 0 and 99");
    refuses(
        StoreSettings.class,
        "pulsegrid.store.url",
        "jdbc:mysql://db",
        "url must start with jdbc:postgresql:, was jdbc:mysql://db");
    refuses(StoreSettings.class, "pulsegrid.store.pool", "1", "pool must be between 4 and 200");
    refuses(
        StoreSettings.class,
        "pulsegrid.store.patience",
        "PT0S",
        "patience must be at least PT0.25S, was PT0S");
    refuses(
        StoreSettings.class,
        "pulsegrid.store.silence",
        "PT0.5S",
        "silence must be PT1S to PT1H, was PT0.5S");
    refuses(
        StoreSettings.class,
        "pulsegrid.store.silence",
        "PT2H",
        "silence must be PT1S to PT1H, was PT2H");
    refuses(
        RetentionSettings.class,
        "pulsegrid.retention.posts",
        "PT1S",
        "posts must be at least PT1M, was PT1S");
    refuses(
        RetentionSettings.class,
        "pulsegrid.retention.tombstones",
        "PT1S",
        "tombstones must be at least PT1H, was PT1S");
    refuses(
        RetentionSettings.class,
        "pulsegrid.retention.attempts",
        "P31D",
        "attempts must be at least PT768H, was PT744H");
    refuses(
        RetentionSettings.class,
        "pulsegrid.retention.alerts",
        "PT1M",
        "alerts must be at least PT1H, was PT1M");
    refuses(
        RetentionSettings.class,
        "pulsegrid.retention.audit",
        "PT1H",
        "audit must be at least PT24H, was PT1H");
    refuses(
        WebhookSettings.class,
        "pulsegrid.webhooks.timeout",
        "PT3M",
        "timeout must be PT0.1S to PT2M, was PT3M");
    refuses(
        WebhookSettings.class, "pulsegrid.webhooks.tries", "0", "tries must be 1 to 1000, was 0");
    refuses(
        WebhookSettings.class,
        "pulsegrid.webhooks.retry-first",
        "PT0S",
        "retry-first must be at least PT0.1S, was PT0S");
    refuses(
        WebhookSettings.class,
        "pulsegrid.webhooks.retry-longest",
        "PT1S",
        "retry-longest must not be below retry-first, was PT1S");
    refuses(
        WebhookSettings.class,
        "pulsegrid.webhooks.keep",
        "PT1M",
        "keep must be at least PT1H, was PT1M");
    refuses(
        RetentionSettings.class,
        "pulsegrid.retention.every",
        "PT0S",
        "every must be at least PT1S, was PT0S");
    refuses(
        SummarySettings.class,
        "pulsegrid.summaries.url",
        "ftp://model",
        "url must be an http or https address, was ftp://model");
    refuses(
        SummarySettings.class,
        "pulsegrid.summaries.url",
        "http://model/v1",
        "model must be given where url is, was absent");
    refuses(
        SummarySettings.class,
        "pulsegrid.summaries.min-posts",
        "1",
        "min-posts must be at least 2, was 1");
    refuses(
        SummarySettings.class,
        "pulsegrid.summaries.max-tokens",
        "1",
        "max-tokens must be at least 50, was 1");
    refuses(
        SummarySettings.class,
        "pulsegrid.summaries.tokens-per-day",
        "-1",
        "tokens-per-day must be at least 0, was -1");
    refuses(
        SummarySettings.class,
        "pulsegrid.summaries.prompt-price",
        "-1",
        "prompt-price must not be negative, was -1");
    refuses(
        SummarySettings.class,
        "pulsegrid.summaries.completion-price",
        "-1",
        "completion-price must not be negative, was -1");
    refuses(
        SummarySettings.class,
        "pulsegrid.summaries.timeout",
        "PT0S",
        "timeout must be between PT1S and PT10M, was PT0S");
    refuses(
        SummarySettings.class,
        "pulsegrid.summaries.kept",
        "PT1S",
        "kept must be between PT1H and PT87600H, was PT1S");
    refuses(LogSettings.class, "pulsegrid.log.format", "xml", "");
    refuses(ListeningSettings.class, "pulsegrid.listening.vectors", "int4", "");
    refuses(NetSettings.class, "pulsegrid.net.allow-private", "perhaps", "");
    assertThatThrownBy(() -> new DirectorySettings(Path.of(""), Path.of("config")))
        .hasMessage("data must name a directory, was empty");
    assertThatThrownBy(() -> new DirectorySettings(Path.of("data"), Path.of(" ")))
        .hasMessage("config must name a directory, was empty");
  }

  @Test
  void showsNoCredentialsOfAMistypedAddress() {
    for (String url :
        new String[] {
          "postgres://me:secret@db:5432/p",
          "postgresql://db/p?user=me&password=secret",
          "jdbc:postgres:me/secret@db",
          "jdbc:mysql://db/p;password=secret",
          "jdbc:mysql:secret",
          "secret@db",
          "secret"
        }) {
      assertThatThrownBy(() -> bound(StoreSettings.class, Map.of("pulsegrid.store.url", url)))
          .rootCause()
          .hasMessageStartingWith("url must start with jdbc:postgresql:, was ")
          .hasMessageNotContaining("secret");
    }
    assertThat(
            new StoreSettings(
                    "jdbc:postgresql://me:secret@db/p?password=secret",
                    null,
                    null,
                    16,
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(1))
                .toString())
        .contains("jdbc:postgresql:")
        .doesNotContain("secret");
    assertThat(
            new StoreSettings(
                    "jdbc:postgresql://db:1/p",
                    null,
                    null,
                    16,
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(1))
                .toString())
        .contains("jdbc:postgresql://db:1/p");
  }

  @Test
  void neverShowsThePassword() {
    assertThat(
            new StoreSettings(
                    null, "me", "secret", 16, Duration.ofSeconds(5), Duration.ofMinutes(1))
                .toString())
        .doesNotContain("secret");
    assertThat(bound(SummarySettings.class, Map.of("pulsegrid.summaries.key", "secret")).toString())
        .doesNotContain("secret");
  }

  private static <T> T bound(Class<T> type) {
    return bound(type, Map.of());
  }

  private static <T> T bound(Class<T> type, Map<String, String> values) {
    var prefix = type.getAnnotation(ConfigurationProperties.class).value();
    return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
  }

  private static void refuses(Class<?> type, String key, String value, String message) {
    assertThatThrownBy(() -> bound(type, Map.of(key, value)))
        .isInstanceOf(BindException.class)
        .rootCause()
        .hasMessageContaining(message);
  }
}
