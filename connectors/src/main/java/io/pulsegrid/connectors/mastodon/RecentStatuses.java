package io.pulsegrid.connectors.mastodon;

import io.pulsegrid.core.publish.Publisher.Call;
import io.pulsegrid.core.publish.Publisher.Probe;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Looks for a post among an account's latest statuses: the same words, not older than our first
 * call by the server's own clock, and nobody else's.
 */
final class RecentStatuses {
  /** How long Mastodon remembers an idempotency key. */
  static final Duration KEY_MEMORY = Duration.ofHours(1);

  // The Date header has whole seconds, and the answer was under way for a moment.
  private static final Duration CLOCK_GRAIN = Duration.ofSeconds(2);
  private static final int PAGE = 40;
  private static final int MOST_PAGES = 5;
  private static final Pattern UNSEEN = Pattern.compile("[\\s\\p{Z}\\p{Cf}]+");

  private final HttpClient http;
  private final InstantSource clock;

  RecentStatuses(HttpClient http, InstantSource clock) {
    this.http = http;
    this.clock = clock;
  }

  /** An answer that is no list of statuses. */
  private static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    NoAnswer(String detail) {
      super(detail);
    }
  }

  Probe probe(Call call, Instant firstCallAt, Set<String> claimed) {
    try {
      return search(call, firstCallAt, claimed);
    } catch (NoAnswer | IOException e) {
      return new Probe.Unknown(Exchange.describe(e, call));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Probe.Unknown("interrupted");
    }
  }

  private Probe search(Call call, Instant firstCallAt, Set<String> claimed)
      throws NoAnswer, IOException, InterruptedException {
    HttpResponse<byte[]> self = get(call, "/api/v1/accounts/verify_credentials");
    String account = id(body(self));
    Instant floor = firstCallAt.plus(ahead(self.headers())).minus(CLOCK_GRAIN);
    String wanted = comparable(call.text());

    String before = "";
    @Nullable JsonNode found = null;
    for (int page = 0; page < MOST_PAGES; page++) {
      JsonNode statuses =
          body(
              get(
                  call,
                  "/api/v1/accounts/%s/statuses?exclude_reblogs=true&limit=%d%s"
                      .formatted(account, PAGE, before)));
      if (!statuses.isArray()) {
        throw new NoAnswer("no list of statuses");
      }
      boolean reachedFloor = statuses.size() < PAGE;
      for (JsonNode status : statuses) {
        if (createdAt(status).isBefore(floor)) {
          reachedFloor = true;
        } else if (!claimed.contains(id(status)) && matches(status, wanted)) {
          // Newest first: the earliest one is most likely ours.
          found = status;
        }
      }
      if (reachedFloor) {
        return found == null ? notFound(firstCallAt) : found(found);
      }
      before = "&max_id=" + id(statuses.get(statuses.size() - 1));
    }
    return found == null ? new Probe.Unknown("too many statuses since the call") : found(found);
  }

  private static Probe found(JsonNode status) throws NoAnswer {
    return new Probe.Found(id(status), StatusAnswer.url(status));
  }

  private Probe notFound(Instant firstCallAt) {
    Instant until = firstCallAt.plus(KEY_MEMORY);
    return new Probe.NotFound(until.isAfter(clock.instant()) ? until : null);
  }

  private HttpResponse<byte[]> get(Call call, String path)
      throws NoAnswer, IOException, InterruptedException {
    HttpResponse<byte[]> response = Exchange.send(http, Exchange.request(call, path).build(), call);
    if (response.statusCode() != 200) {
      throw new NoAnswer("HTTP " + response.statusCode() + " to " + path);
    }
    return response;
  }

  private static JsonNode body(HttpResponse<byte[]> response) throws NoAnswer {
    JsonNode json = StatusAnswer.json(response.body());
    if (json == null) {
      throw new NoAnswer("the answer is broken");
    }
    return json;
  }

  /** How far the server's clock is ahead of ours. */
  private Duration ahead(HttpHeaders headers) {
    Optional<String> date = headers.firstValue("Date");
    try {
      return date.map(
              text ->
                  Duration.between(
                      clock.instant(),
                      Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text))))
          .orElse(Duration.ZERO);
    } catch (DateTimeException foreign) {
      return Duration.ZERO;
    }
  }

  private static boolean matches(JsonNode status, String wanted) {
    String html = status.path("content").asString("");
    return comparable(Jsoup.parseBodyFragment(html).text()).equals(wanted);
  }

  /** What a text and the HTML that Mastodon made of it have in common. */
  static String comparable(String text) {
    String shown = TextLength.withoutServers(Normalizer.normalize(text, Normalizer.Form.NFC));
    return UNSEEN.matcher(shown).replaceAll("");
  }

  private static Instant createdAt(JsonNode status) throws NoAnswer {
    try {
      return OffsetDateTime.parse(text(status, "created_at")).toInstant();
    } catch (DateTimeException e) {
      throw new NoAnswer("a status without a time");
    }
  }

  private static String id(JsonNode node) throws NoAnswer {
    return StatusAnswer.id(node).orElseThrow(() -> new NoAnswer("an answer without id"));
  }

  private static String text(JsonNode node, String field) throws NoAnswer {
    String text = node.path(field).asString("");
    if (text.isEmpty()) {
      throw new NoAnswer("an answer without " + field);
    }
    return text;
  }
}
