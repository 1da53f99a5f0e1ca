package io.pulsegrid.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class StoreExaminationTest {
  @Test
  void doesNotWaitForEverForAStoreThatTakesConnectionsAndSaysNothing() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String url = "jdbc:postgresql://127.0.0.1:%d/silent".formatted(silent.getLocalPort());
      Properties login = new Properties();
      login.setProperty("user", "ann");

      assertTimeoutPreemptively(
          Duration.ofSeconds(30),
          () ->
              assertThatThrownBy(() -> StoreExamination.of(url, login, InstantSource.system()))
                  .isInstanceOf(SettingRefused.class)
                  .hasMessageContaining("does not answer"));
      assertThat(login).as("the caller's own").hasSize(1);
    }
  }
}
