package io.pulsegrid.connectors.limits;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.core.limit.Allowance;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The dialect of Facebook and Instagram: shares of the limit in per cent, as JSON in {@code
 * X-App-Usage} and {@code X-Business-Use-Case-Usage}, the latter with the minutes until access is
 * regained. The first is shared by all accounts of the app, the second belongs to one page or
 * account. It refuses with 400 or 403 and an error code, of which 4 is the app's. A share says
 * nothing of how many calls are left, so only a spent limit holds back.
 */
public final class MetaLimits implements Dialect {
  private static final int OF_APP = 4;
  private static final Set<Integer> CODES = Set.of(OF_APP, 17, 32, 613);
  private static final int FIRST_OF_USE_CASES = 80_000;
  private static final int LAST_OF_USE_CASES = 80_014;
  private static final int SPENT = 100;

  /** Its windows are of one hour (graph-api rate-limiting); said where it names no minutes. */
  private static final Duration WINDOW = Duration.ofHours(1);

  /** How much of a limit is used, and how long it says that this lasts; 0 for not said. */
  private record Usage(int share, long minutes) {
    static final Usage NONE = new Usage(0, 0);

    static Usage of(JsonNode said) {
      int share =
          Math.max(
              said.path("call_count").asInt(0),
              Math.max(said.path("total_time").asInt(0), said.path("total_cputime").asInt(0)));
      return new Usage(share, said.path("estimated_time_to_regain_access").asInt(0));
    }

    Usage and(Usage other) {
      return new Usage(Math.max(share, other.share), Math.max(minutes, other.minutes));
    }

    boolean spent() {
      return share >= SPENT || minutes > 0;
    }
  }

  @Override
  public Told read(Heard heard, Instant now) {
    Usage ofApp = json(heard, "X-App-Usage").map(Usage::of).orElse(Usage.NONE);
    Usage ofAccount =
        json(heard, "X-Business-Use-Case-Usage").stream()
            .flatMap(node -> node.values().stream())
            .flatMap(node -> node.values().stream())
            .map(Usage::of)
            .reduce(Usage.NONE, Usage::and);
    boolean refused = throttles(heard);
    if (!ofApp.spent() && !ofAccount.spent() && !refused) {
      return Told.NOTHING;
    }
    long minutes = ofApp.and(ofAccount).minutes();
    Instant until = now.plus(minutes > 0 ? Duration.ofMinutes(minutes) : WINDOW);
    boolean app = ofApp.spent() || code(heard) == OF_APP;
    return new Told(new Allowance(SPENT, 0, until, app), refused ? until : null, refused && app);
  }

  @Override
  public boolean throttles(Heard heard) {
    int code = code(heard);
    return heard.status() == 429
        || (!heard.ok()
            && (CODES.contains(code) || (code >= FIRST_OF_USE_CASES && code <= LAST_OF_USE_CASES)));
  }

  private static int code(Heard heard) {
    return heard.json().at("/error/code").asInt(0);
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
