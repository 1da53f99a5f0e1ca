package io.pulsegrid.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PublishingSettingsTest {
  @Test
  void hasDefaults() {
    assertThat(bound(Map.of()))
        .isEqualTo(
            new PublishingSettings(
                100,
                Duration.ofSeconds(5),
                Duration.ofMinutes(15),
                Duration.ofSeconds(5),
                Duration.ofMinutes(30),
                Duration.ofHours(24),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                Duration.ofHours(48),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1)));
  }

  @Test
  void mapsEachKey() {
    assertThat(
            bound(
                and(
                    Map.of(
                        "budget", "1",
                        "retry-first", "2s",
                        "retry-longest", "3s",
                        "probe-first", "4s",
                        "probe-longest", "5s",
                        "probe-for", "6m",
                        "lease-slack", "7s",
                        "sweep-every", "8s",
                        "horizon", "9m",
                        "refresh-every", "10s"),
                    "catch-up-every",
                    "11s")))
        .isEqualTo(
            new PublishingSettings(
                1,
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                Duration.ofMinutes(6),
                Duration.ofSeconds(7),
                Duration.ofSeconds(8),
                Duration.ofMinutes(9),
                Duration.ofSeconds(10),
                Duration.ofSeconds(11)));
  }

  @ParameterizedTest
  @CsvSource({
    "budget, 0, 'budget must be 1 to 1000, was 0'",
    "retry-first, PT0S, 'retry-first must be at least PT0.1S, was PT0S'",
    "retry-longest, 1s, 'retry-longest must not be below retry-first, was PT1S'",
    "probe-first, PT0S, 'probe-first must be at least PT0.1S, was PT0S'",
    "probe-longest, 1s, 'probe-longest must not be below probe-first, was PT1S'",
    "probe-for, 1s, 'probe-for must be at least PT1M, was PT1S'",
    "lease-slack, 1s, 'lease-slack must be at least PT5S, was PT1S'",
    "sweep-every, PT0S, 'sweep-every must be at least PT0.1S, was PT0S'",
    "horizon, 1s, 'horizon must be at least PT1M, was PT1S'",
    "refresh-every, PT48H, 'refresh-every must be below horizon, was PT48H'",
    "refresh-every, PT0S, 'refresh-every must be at least PT1S, was PT0S'",
    "catch-up-every, -PT1S, 'catch-up-every must be at least PT0S, was PT-1S'"
  })
  void refusesEachBadValue(String key, String value, String message) {
    assertThatThrownBy(() -> bound(Map.of(key, value)))
        .isInstanceOf(BindException.class)
        .rootCause()
        .hasMessage(message);
  }

  private static Map<String, String> and(Map<String, String> some, String key, String value) {
    Map<String, String> all = new java.util.HashMap<>(some);
    all.put(key, value);
    return all;
  }

  private static PublishingSettings bound(Map<String, String> values) {
    Map<String, String> keys = new java.util.HashMap<>();
    values.forEach((key, value) -> keys.put("pulsegrid.publishing." + key, value));
    return new Binder(new MapConfigurationPropertySource(keys))
        .bindOrCreate("pulsegrid.publishing", PublishingSettings.class);
  }
}
