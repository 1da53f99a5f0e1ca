package io.pulsegrid.node.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsPreviewTest {
  @TempDir Path directory;

  @Test
  void takesWhatANodeWouldTakeAndTouchesNothing() throws IOException {
    assertThatCode(() -> SettingsPreview.check(arguments("pulsegrid.publishing.budget: 3\n")))
        .doesNotThrowAnyException();
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void knowsTheSettingsOfTheApi() throws IOException {
    assertThatCode(() -> SettingsPreview.check(arguments("pulsegrid.api.heartbeat: 20s\n")))
        .doesNotThrowAnyException();
    var arguments = arguments("pulsegrid.api.requests-per-minute: 1\n");
    assertThatThrownBy(() -> SettingsPreview.check(arguments))
        .isInstanceOf(SettingRefused.class)
        .hasMessage("pulsegrid.api.requests-per-minute must be between 60 and 10000000, was 1");
  }

  @Test
  void namesAnUnknownKeyAndItsLine() throws IOException {
    var arguments = arguments("server.port: 9000\npulsegrid.publishing.bugdet: 3\n");
    assertThatThrownBy(() -> SettingsPreview.check(arguments))
        .isInstanceOf(SettingRefused.class)
        .hasMessageStartingWith("pulsegrid.publishing.bugdet is not a known key")
        .hasMessageContaining("node.yml] - 2:");
  }

  @Test
  void namesTheRuleThatAValueBreaks() throws IOException {
    var arguments = arguments("pulsegrid.store.pool: 1\n");
    assertThatThrownBy(() -> SettingsPreview.check(arguments))
        .isInstanceOf(SettingRefused.class)
        .hasMessage("pulsegrid.store.pool must be between 4 and 200, was 1");
  }

  @Test
  void looksAtTheLiveFilesToo() throws IOException {
    Files.writeString(directory.resolve("sources.yml"), "kinds: {feed: {every: never}}");
    var arguments = arguments("");
    assertThatThrownBy(() -> SettingsPreview.check(arguments))
        .isInstanceOf(SettingRefused.class)
        .hasMessageContaining("kinds.feed.every");
  }

  private List<String> arguments(String file) throws IOException {
    Path settings = Files.writeString(directory.resolve("node.yml"), file);
    var arguments = new ArrayList<String>();
    arguments.add("--pulsegrid.data=" + directory.resolve("data"));
    arguments.add("--pulsegrid.config=" + directory);
    arguments.add("--spring.config.additional-location=file:" + settings);
    return arguments;
  }
}
