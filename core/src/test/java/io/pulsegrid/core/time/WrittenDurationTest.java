package io.pulsegrid.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenDurationTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "10s, PT10S",
    "5m, PT5M",
    "12H, PT12H",
    "30d, PT720H",
    "PT1M30S, PT90S",
    "P7D, PT168H"
  })
  void readsTheShortFormAndIso(String written, Duration expected) {
    assertThat(WrittenDuration.parse(written)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "s", "-5s", "1.5h", "10 years", "soon"})
  void refusesTheRest(String written) {
    assertThatThrownBy(() -> WrittenDuration.parse(written)).isInstanceOf(DateTimeException.class);
  }
}
