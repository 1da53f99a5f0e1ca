package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OuterSettingsTest {
  @TempDir Path directory;

  @Test
  void readsNestedAndFlatKeysOfYaml() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("node.yml"),
            "pulsegrid:\n  store:\n    url: jdbc:postgresql://db/p\npulsegrid.data: /var/p\n");
    var settings = OuterSettings.of(file, Map.of());
    assertThat(settings.find("pulsegrid.store.url")).contains("jdbc:postgresql://db/p");
    assertThat(settings.find("pulsegrid.data")).contains("/var/p");
    assertThat(settings.find("server.port")).isEmpty();
  }

  @Test
  void readsAListAsOneLineOrByItsPlaces() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("node.yml"),
            "pulsegrid.grid.addresses: [a:1, b:2]\nmirrors:\n  - name: east\n");
    var settings = OuterSettings.of(file, Map.of());
    assertThat(settings.find("pulsegrid.grid.addresses")).contains("a:1,b:2");
    assertThat(settings.find("mirrors[0].name")).contains("east");
  }

  @Test
  void readsProperties() throws IOException {
    Path file = Files.writeString(directory.resolve("node.properties"), "server.port=9000\n");
    assertThat(OuterSettings.of(file, Map.of()).find("server.port")).contains("9000");
  }

  @Test
  void prefersTheEnvironmentAndIgnoresAnEmptyValue() throws IOException {
    Path file = Files.writeString(directory.resolve("node.yml"), "pulsegrid.data: /a\n");
    assertThat(OuterSettings.of(file, Map.of("PULSEGRID_DATA", "/b")).find("pulsegrid.data"))
        .contains("/b");
    assertThat(OuterSettings.of(null, Map.of("PULSEGRID_DATA", "")).find("pulsegrid.data"))
        .isEmpty();
  }

  @Test
  void refusesAFileThatIsNoYaml() throws IOException {
    Path file = Files.writeString(directory.resolve("node.yml"), "a: [\n");
    assertThatThrownBy(() -> OuterSettings.of(file, Map.of()))
        .isInstanceOf(SettingRefused.class)
        .hasMessageContaining("node.yml");
  }
}
