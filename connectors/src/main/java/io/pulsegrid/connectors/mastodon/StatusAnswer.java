package io.pulsegrid.connectors.mastodon;

import io.pulsegrid.connectors.http.RetryAfter;
import io.pulsegrid.connectors.limits.MastodonLimits;
import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.publish.Outcome;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an answer to a new status means. The body had been sent by then, so only Mastodon's own
 * words count as a refusal; whatever else is not clearly a yes or a no is in doubt.
 */
final class StatusAnswer {
  private static final Duration UNTOLD_PAUSE = Duration.ofMinutes(5);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(24);
  private static final int MOST_DETAIL = 500;
  private static final int MOST_ID = 200;
  private static final int MOST_URL = 2000;

  private final InstantSource clock;

  StatusAnswer(InstantSource clock) {
    this.clock = clock;
  }

  Outcome read(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    @Nullable JsonNode json = json(response.body());
    String said = said(json, status);
    return switch (status) {
      case 200, 201 -> created(status, json);
      case 401, 403 -> new Outcome.Unauthorized(status, said);
      case 429 -> new Outcome.Throttled(until(response), status, said);
      // A 422 that is not in Mastodon's words comes from something in front of it.
      case 422 ->
          spokenByMastodon(json)
              ? new Outcome.Rejected(status, said)
              : new Outcome.Ambiguous(status, said);
      // Nothing there takes statuses: a wrong address, or a body that is too large for the door.
      case 301, 302, 303, 307, 308, 404, 405, 410, 413 -> new Outcome.Rejected(status, said);
      // 5xx, also as the answer to a replayed key (mastodon 40399); 400 and 409 for what was well
      // formed: other platforms said so of posts that were there.
      default -> new Outcome.Ambiguous(status, said);
    };
  }

  private static Outcome created(int status, @Nullable JsonNode json) {
    return id(json)
        .<Outcome>map(id -> new Outcome.Accepted(id, url(json), status, "created"))
        .orElse(new Outcome.Ambiguous(status, "the answer is broken: no status in it"));
  }

  /** A status's id; empty if there is none, or none that could be kept and asked for again. */
  static Optional<String> id(@Nullable JsonNode status) {
    String id = status == null ? "" : status.path("id").asString("");
    return keepable(id, MOST_ID) ? Optional.of(id) : Optional.empty();
  }

  static @Nullable String url(@Nullable JsonNode status) {
    String url = status == null ? "" : status.path("url").asString("");
    return keepable(url, MOST_URL) ? url : null;
  }

  private static boolean keepable(String text, int most) {
    return !text.isEmpty() && text.length() <= most && PlainText.isStorable(text);
  }

  private Instant until(HttpResponse<byte[]> response) {
    Instant now = clock.instant();
    // The later word: a reset that is over already says nothing of how long to stay away.
    Instant until =
        Stream.of(
                MastodonLimits.read(response.headers()).map(Allowance::reset),
                retryAfter(response, now))
            .flatMap(Optional::stream)
            .max(Comparator.naturalOrder())
            .orElse(now.plus(UNTOLD_PAUSE));
    Instant longest = now.plus(LONGEST_PAUSE);
    return until.isAfter(longest) ? longest : until;
  }

  private static Optional<Instant> retryAfter(HttpResponse<byte[]> response, Instant now) {
    return response
        .headers()
        .firstValue("Retry-After")
        .flatMap(text -> RetryAfter.parse(text, now))
        .map(now::plus);
  }

  private static boolean spokenByMastodon(@Nullable JsonNode json) {
    return json != null && json.path("error").isString();
  }

  private static String said(@Nullable JsonNode json, int status) {
    String error = json == null ? "" : json.path("error").asString("");
    String text = error.isEmpty() ? "HTTP " + status : error;
    return detail(text);
  }

  /** What somebody else said, as it can be kept and shown. */
  static String detail(String said) {
    return PlainText.cut(PlainText.storable(said), MOST_DETAIL);
  }

  static @Nullable JsonNode json(byte[] body) {
    try {
      return JsonMapper.shared().readTree(body);
    } catch (JacksonException broken) {
      return null;
    }
  }
}
