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

class RestOptionsTest {
  @TempDir private Path directory;

  private final RestOptions options = new RestOptions();

  @Test
  void looksWhereTheNodesKeepEverything() {
    options.settings = OuterSettings.of(null, Map.of("PULSEGRID_DATA", "/srv/p"));
    assertThat(options.data()).isEqualTo(Path.of("/srv/p"));

    options.data = Path.of("/elsewhere");
    assertThat(options.data()).isEqualTo(Path.of("/elsewhere"));
  }

  @Test
  void looksWhereTheFileOfSettingsSays() throws IOException {
    Path file =
        Files.writeString(directory.resolve("node.properties"), "pulsegrid.data=/from/file\n");
    options.settings = OuterSettings.of(file, Map.of());

    assertThat(options.data()).isEqualTo(Path.of("/from/file"));
  }

  @Test
  void looksInDataWhereNothingIsSaid() {
    options.settings = OuterSettings.of(null, Map.of());

    assertThat(options.data()).isEqualTo(Path.of("data"));
  }

  @Test
  void refusesADirectoryWithoutAName() {
    options.data = Path.of("");

    assertThatThrownBy(options::data)
        .isInstanceOf(SettingRefused.class)
        .hasMessage("--data must name a directory, was empty");
  }
}
