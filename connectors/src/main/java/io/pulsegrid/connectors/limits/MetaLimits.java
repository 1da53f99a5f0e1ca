package io.pulsegrid.connectors.limits;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.core.limit.Allowance;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The dialect of Facebook and Instagram: shares of the limit in per cent, as JSON in {@code
 * X-App-Usage} and {@code X-Business-Use-Case-Usage}, the latter with the minutes until access is
 * regained. It refuses with 400 or 403 and an error code. A share says nothing of how many calls
 * are left, so only a spent limit holds back.
 */
public final class MetaLimits implements Dialect {
  private static final Set<Integer> CODES = Set.of(4, 17, 32, 613);
  private static final int FIRST_OF_USE_CASES = 80_000;
  private static final int LAST_OF_USE_CASES = 80_014;
  private static final int SPENT = 100;

  /** Its windows are of one hour (graph-api rate-limiting); said where it names no minutes. */
  private static final Duration WINDOW = Duration.ofHours(1);

  @Override
  public Told read(Heard heard, Instant now) {
    int share = 0;
    long minutes = 0;
    for (JsonNode usage : usages(heard)) {
      share =
          IntStream.of(
                  share,
                  usage.path("call_count").asInt(0),
                  usage.path("total_time").asInt(0),
                  usage.path("total_cputime").asInt(0))
              .max()
              .orElse(share);
      minutes = Math.max(minutes, usage.path("estimated_time_to_regain_access").asInt(0));
    }
    boolean refused = throttles(heard);
    if (share < SPENT && minutes == 0 && !refused) {
      return Told.NOTHING;
    }
    Instant until = now.plus(minutes > 0 ? Duration.ofMinutes(minutes) : WINDOW);
    return new Told(new Allowance(SPENT, 0, until), refused ? until : null);
  }

  @Override
  public boolean throttles(Heard heard) {
    int code = heard.json().at("/error/code").asInt(0);
    return heard.status() == 429
        || (!heard.ok()
            && (CODES.contains(code) || (code >= FIRST_OF_USE_CASES && code <= LAST_OF_USE_CASES)));
  }

  /** {@code {"call_count":..}}, and {@code {"<id>":[{"type":..,"call_count":..}]}}. */
  private static Iterable<JsonNode> usages(Heard heard) {
    Stream<JsonNode> ofApp = json(heard, "X-App-Usage").stream();
    Stream<JsonNode> ofCases =
        json(heard, "X-Business-Use-Case-Usage").stream()
            .flatMap(node -> node.values().stream())
            .flatMap(node -> node.values().stream());
    return Stream.concat(ofApp, ofCases).toList();
  }

  private static Optional<JsonNode> json(Heard heard, String header) {
    @Nullable String text = heard.header(header).orElse(null);
    try {
      return text == null ? Optional.empty() : Optional.of(JsonMapper.shared().readTree(text));
    } catch (JacksonException broken) {
      return Optional.empty();
    }
  }
}
