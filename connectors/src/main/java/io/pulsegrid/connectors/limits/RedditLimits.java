package io.pulsegrid.connectors.limits;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.core.limit.Allowance;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reddit's dialect: {@code x-ratelimit-remaining} with a fraction, {@code -used}, {@code -reset} in
 * seconds from now; nothing on answers from its cache. All of it is counted by OAuth client, which
 * is the app. It refuses with 429, or an account alone with 200 and an error {@code RATELIMIT} that
 * says in words how long.
 */
public final class RedditLimits implements Dialect {
  private static final Pattern WAIT =
      Pattern.compile("(\\d{1,6}) (millisecond|second|minute|hour)s?");

  @Override
  public Told read(Heard heard, Instant now) {
    Optional<Integer> left = Said.count(heard, "x-ratelimit-remaining");
    Optional<Integer> used = Said.count(heard, "x-ratelimit-used");
    Optional<Instant> reset = Said.secondsFrom(now, heard, "x-ratelimit-reset");
    Optional<Allowance> allowance =
        Said.allowance(
                left.flatMap(
                    rest ->
                        used.map(spent -> Math.clamp((long) rest + spent, 0, Integer.MAX_VALUE))),
                left,
                reset)
            .map(Allowance::shared);
    if (!throttles(heard)) {
      return Told.left(allowance);
    }
    return heard.status() == 429
        ? Told.appBlocked(allowance, Said.latest(reset, Said.retryAfter(heard, now)))
        : Told.blocked(allowance, refusal(heard).flatMap(RedditLimits::wait).map(now::plus));
  }

  @Override
  public boolean throttles(Heard heard) {
    return heard.status() == 429 || refusal(heard).isPresent();
  }

  /** What the error says that a submission came too early; empty if it is not there. */
  private static Optional<String> refusal(Heard heard) {
    for (JsonNode error : heard.json().at("/json/errors")) {
      if (error.path(0).asString("").equals("RATELIMIT")) {
        return Optional.of(error.path(1).asString(""));
      }
    }
    return Optional.empty();
  }

  private static Optional<Duration> wait(String words) {
    Matcher matcher = WAIT.matcher(words.toLowerCase(Locale.ROOT));
    if (!matcher.find()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    // A unit more than it says: "9 minutes" may be nine and a half.
    return Optional.of(
        switch (matcher.group(2)) {
          case "millisecond" -> Duration.ofSeconds(1);
          case "second" -> Duration.ofSeconds(count + 1);
          case "minute" -> Duration.ofMinutes(count + 1);
          default -> Duration.ofHours(count + 1);
        });
  }
}
