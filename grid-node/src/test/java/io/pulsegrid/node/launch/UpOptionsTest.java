package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpOptionsTest {
  @TempDir Path directory;

  private UpOptions.Plan plan(String settings) throws IOException {
    var options = new UpOptions();
    options.config = Files.writeString(directory.resolve("up.properties"), settings);
    return options.plan();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:8080",
    "0.0.0.0, http://127.0.0.1:8080",
    "::, http://127.0.0.1:8080",
    "::1, http://[::1]:8080",
    "[::1], http://[::1]:8080",
    "node.example, http://node.example:8080"
  })
  void asksTheNodesWhereTheyListen(String address, String url) throws IOException {
    assertThat(plan("server.address=" + address).url()).isEqualTo(url);
  }

  @Test
  void asksOverTlsWhereTheNodesSpeakIt() throws IOException {
    assertThat(plan("server.ssl.bundle=web").url()).isEqualTo("https://127.0.0.1:8080");
  }

  @Test
  void refusesAnAddressThatMakesNoUrl() {
    assertThatThrownBy(() -> plan("server.address=my host"))
        .isInstanceOf(SettingRefused.class)
        .hasMessage("server.address must be an IP address or a host name, was my host");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server.servlet.context-path",
        "server.servlet.contextPath",
        "management.server.port"
      })
  void refusesWhatItCouldNotAsk(String key) {
    assertThatThrownBy(() -> plan(key + "=/x"))
        .isInstanceOf(SettingRefused.class)
        .hasMessageStartingWith(key + " cannot be set for nodes that the launcher runs");
  }
}
