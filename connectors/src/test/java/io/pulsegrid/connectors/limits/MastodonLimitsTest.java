package io.pulsegrid.connectors.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.limit.Allowance;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MastodonLimitsTest {
  @Test
  void readsTheThreeHeadersWithTheirMicroseconds() {
    assertThat(read("300", "299", "2026-03-01T12:00:00.123456Z"))
        .contains(new Allowance(300, 299, Instant.parse("2026-03-01T12:00:00.123456Z")));
  }

  @Test
  void anotherDialectSaysNothing() {
    assertThat(read("300", "599.0", "2026-03-01T12:00:00Z")).isEmpty();
    assertThat(read("300", "299", "1767225600")).isEmpty();
    assertThat(read("300", "-1", "2026-03-01T12:00:00Z")).isEmpty();
    assertThat(MastodonLimits.read(HttpHeaders.of(Map.of(), (_, _) -> true))).isEmpty();
  }

  private static Optional<Allowance> read(String limit, String remaining, String reset) {
    return MastodonLimits.read(
        HttpHeaders.of(
            Map.of(
                "x-ratelimit-limit", List.of(limit),
                "x-ratelimit-remaining", List.of(remaining),
                "x-ratelimit-reset", List.of(reset)),
            (_, _) -> true));
  }
}
