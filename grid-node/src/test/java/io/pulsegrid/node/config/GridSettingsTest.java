package io.pulsegrid.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.node.config.GridSettings.Discovery;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class GridSettingsTest {
  private static final KubernetesSettings KUBERNETES =
      new KubernetesSettings(
          "default",
          "pulsegrid",
          "https://kubernetes.default.svc.cluster.local:443",
          "/var/run/secrets/kubernetes.io/serviceaccount/token");

  @Test
  void hasDefaults() {
    assertThat(bound(Map.of()))
        .isEqualTo(
            new GridSettings(
                "pulsegrid",
                "127.0.0.1",
                47500,
                47100,
                Discovery.STATIC,
                List.of("127.0.0.1:47500..47509"),
                KUBERNETES,
                Duration.ofSeconds(5),
                1,
                1024,
                Duration.ofDays(30)));
  }

  @Test
  void mapsEachKey() {
    Map<String, String> keys = new HashMap<>();
    keys.put("name", "other");
    keys.put("host", "10.0.0.1");
    keys.put("discovery-port", "1");
    keys.put("communication-port", "2");
    keys.put("discovery", "dns");
    keys.put("addresses", "peers:47500,more.example:1");
    keys.put("kubernetes.namespace", "n");
    keys.put("kubernetes.service", "s");
    keys.put("kubernetes.api", "https://api");
    keys.put("kubernetes.token", "/token");
    keys.put("failure-detection", "8s");
    keys.put("backups", "2");
    keys.put("region-mb", "64");
    keys.put("hot", "7d");
    assertThat(bound(keys))
        .isEqualTo(
            new GridSettings(
                "other",
                "10.0.0.1",
                1,
                2,
                Discovery.DNS,
                List.of("peers:47500", "more.example:1"),
                new KubernetesSettings("n", "s", "https://api", "/token"),
                Duration.ofSeconds(8),
                2,
                64,
                Duration.ofDays(7)));
  }

  @Test
  void refusesEachBadValue() {
    refuses("name", " ", "name must not be blank");
    refuses("discovery-port", "0", "discovery-port must be 1 to 65535");
    refuses("communication-port", "70000", "communication-port must be 1 to 65535");
    refuses("addresses", "somewhere", "addresses must be host:port or host:port..port");
    refuses("failure-detection", "500ms", "failure-detection must be 1s to 1m");
    refuses("failure-detection", "2m", "failure-detection must be 1s to 1m");
    refuses("backups", "6", "backups must be 0 to 5");
    refuses("region-mb", "1", "region-mb must be at least 64");
    refuses("hot", "1s", "hot must be at least 1m");
    refuses("kubernetes.service", " ", "service must not be blank");
    refuses("kubernetes.api", "http://api", "api must start with https://, was http://api");
  }

  @Test
  void wantsNamesOfWhatStandsBehindADns() {
    assertThatThrownBy(
            () -> bound(Map.of("discovery", "dns", "addresses", "10.0.0.1:47500..47509")))
        .rootCause()
        .hasMessageStartingWith("addresses must be name:port where discovery is dns, was [10.0.0");
  }

  private static void refuses(String key, String value, String rule) {
    assertThatThrownBy(() -> bound(Map.of(key, value)))
        .as(key)
        .rootCause()
        .hasMessageStartingWith(rule);
  }

  private static GridSettings bound(Map<String, String> keys) {
    Map<String, String> full = new HashMap<>();
    keys.forEach((key, value) -> full.put("pulsegrid.grid." + key, value));
    return new Binder(new MapConfigurationPropertySource(full))
        .bindOrCreate("pulsegrid.grid", GridSettings.class);
  }
}
