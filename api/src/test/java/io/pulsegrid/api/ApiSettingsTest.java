package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiSettingsTest {
  @Test
  void refusesAHeartbeatThatKeepsNobodyWaiting() {
    assertThatThrownBy(() -> new ApiSettings(Duration.ofMillis(1), 30_000))
        .hasMessage("heartbeat must be 100ms to 1m, was PT0.001S");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 59, 10_000_001})
  void refusesARateThatIsNone(int rate) {
    assertThatThrownBy(() -> new ApiSettings(Duration.ofSeconds(15), rate))
        .hasMessage("requests-per-minute must be between 60 and 10000000, was " + rate);
  }
}
