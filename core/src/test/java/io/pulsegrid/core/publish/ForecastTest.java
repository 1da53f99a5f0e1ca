package io.pulsegrid.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.limit.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static final Instant NOW = Instant.parse("2026-12-01T08:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private static RateLimit limit(String scope, int limit, int used, Instant allowedAt) {
    return new RateLimit(scope, "publish", HOUR, limit, used, allowedAt, null, null);
  }

  @Test
  void whatFitsGoesOutWhenItIsDue() {
    Forecast forecast = new Forecast(NOW);
    RateLimit two = limit("channel:a", 2, 0, NOW);

    assertThat(forecast.next(NOW.minusSeconds(9), List.of(two)))
        .isEqualTo(new Forecast.Exit(NOW, null));
    assertThat(forecast.next(NOW.plusSeconds(60), List.of(two)).at())
        .isEqualTo(NOW.plusSeconds(60));
  }

  @Test
  void whatDoesNotFitWaitsForTheWindow() {
    Forecast forecast = new Forecast(NOW);
    RateLimit two = limit("channel:a", 2, 0, NOW);
    for (int i = 0; i < 2; i++) {
      forecast.next(NOW.plusSeconds(i), List.of(two));
    }

    Forecast.Exit third = forecast.next(NOW.plusSeconds(2), List.of(two));
    assertThat(third.at()).isEqualTo(NOW.plus(HOUR));
    assertThat(third.heldBy()).isEqualTo(two);
    assertThat(forecast.next(NOW.plusSeconds(3), List.of(two)).at())
        .isEqualTo(NOW.plus(HOUR).plusSeconds(1));
    assertThat(forecast.next(NOW.plusSeconds(4), List.of(two)).at())
        .isEqualTo(NOW.plus(HOUR).plus(HOUR));
  }

  @Test
  void whatIsCountedAlreadyLeavesAtTheLatest() {
    Forecast forecast = new Forecast(NOW);
    RateLimit full = limit("channel:a", 2, 2, NOW.plusSeconds(600));

    assertThat(forecast.next(NOW, List.of(full)).at()).isEqualTo(NOW.plusSeconds(600));
    assertThat(forecast.next(NOW, List.of(full)).at()).isEqualTo(NOW.plus(HOUR));
  }

  @Test
  void anAppsWindowIsSharedByItsChannels() {
    Forecast forecast = new Forecast(NOW);
    RateLimit app = limit("app:mastodon", 1, 0, NOW);

    forecast.next(NOW, List.of(limit("channel:a", 9, 0, NOW), app));
    assertThat(forecast.next(NOW, List.of(limit("channel:b", 9, 0, NOW), app)).at())
        .isEqualTo(NOW.plus(HOUR));
  }

  @Test
  void aBlockWithoutAWindowHoldsAllBack() {
    Forecast forecast = new Forecast(NOW);
    Instant until = NOW.plusSeconds(90);
    RateLimit block =
        new RateLimit("channel:a", "publish", null, null, 0, until, until, "HTTP 429");

    assertThat(forecast.next(NOW, List.of(block)).at()).isEqualTo(until);
    assertThat(forecast.next(NOW, List.of(block)).at()).isEqualTo(until);
  }

  @Test
  void likenessLooksAtWordsAlone() {
    Likeness text = Likeness.of("We are LIVE, at last! https://example.com/a");

    assertThat(text.to(Likeness.of("we are live at last https://example.com/b"))).isEqualTo(1);
    assertThat(text.to(Likeness.of("We are live, at last, friends")))
        .isGreaterThan(Likeness.NEARLY_THE_SAME);
    assertThat(text.to(Likeness.of("Something else entirely"))).isZero();
    assertThat(Likeness.of("!").to(Likeness.of("?"))).isEqualTo(1);
  }
}
