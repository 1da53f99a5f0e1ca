package io.pulsegrid.connectors.mastodon;

import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.http.AddressPolicy.Verdict;
import io.pulsegrid.connectors.limits.MastodonLimits;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Publishes statuses on a Mastodon server, under an {@code Idempotency-Key} that the server
 * remembers for an hour.
 */
public final class MastodonPublisher implements Publisher {
  private static final int MOST_CHARACTERS = 500;

  /** More than any text of that many characters has, its links and joined characters included. */
  private static final int MOST_MEASURED = 100_000;

  private final HttpClient http;
  private final AddressPolicy addresses;
  private final StatusAnswer answers;
  private final RecentStatuses recent;

  /**
   * @param http a client that follows no redirect: a post that is redirected is a post that went
   *     nowhere
   * @param clock the time that arms are stamped with
   */
  public MastodonPublisher(HttpClient http, AddressPolicy addresses, InstantSource clock) {
    if (http.followRedirects() != HttpClient.Redirect.NEVER) {
      throw new IllegalArgumentException(
          "http must follow no redirect, was " + http.followRedirects());
    }
    this.http = http;
    this.addresses = addresses;
    this.answers = new StatusAnswer(clock);
    this.recent = new RecentStatuses(http, clock);
  }

  @Override
  public String platform() {
    return "mastodon";
  }

  @Override
  public List<FieldError> check(Channel.Spec spec, Channel.Credentials credentials) {
    List<FieldError> errors = new ArrayList<>();
    String scheme = String.valueOf(spec.baseUrl().getScheme()).toLowerCase(Locale.ROOT);
    if (!(scheme.equals("https") || scheme.equals("http")) || spec.baseUrl().getHost() == null) {
      errors.add(
          new FieldError("baseUrl", "must be a server's address, such as https://mastodon.social"));
    } else if (spec.baseUrl().getRawQuery() != null || spec.baseUrl().getRawFragment() != null) {
      errors.add(
          new FieldError("baseUrl", "must end before ? and #: paths of the API go behind it"));
    }
    String token = credentials.values().get(Exchange.ACCESS_TOKEN);
    if (token == null || token.isBlank()) {
      errors.add(new FieldError("credentials." + Exchange.ACCESS_TOKEN, "must be given"));
    } else if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
      errors.add(
          new FieldError(
              "credentials." + Exchange.ACCESS_TOKEN, "must be printable ASCII without spaces"));
    }
    return errors;
  }

  @Override
  public List<FieldError> check(Channel.Spec spec, String text) {
    if (text.isBlank()) {
      return List.of(new FieldError("text", "must not be blank"));
    }
    if (text.length() > MOST_MEASURED) {
      return List.of(
          new FieldError(
              "text",
              "must be at most %d characters as Mastodon counts them, was more than %d"
                  .formatted(MOST_CHARACTERS, MOST_MEASURED)));
    }
    int length = TextLength.of(text);
    if (length > MOST_CHARACTERS) {
      return List.of(
          new FieldError(
              "text",
              "must be at most %d characters as Mastodon counts them (a link is 23), was %d"
                  .formatted(MOST_CHARACTERS, length)));
    }
    return List.of();
  }

  @Override
  public Answer publish(Call call) {
    switch (addresses.judge(call.channel().baseUrl())) {
      case Verdict.Open _ -> {}
      case Verdict.Forbidden(String why) -> {
        return new Answer(new Outcome.Rejected(0, "baseUrl " + why), null);
      }
      // The name server may be away for a moment: nothing was asked and nothing refused.
      case Verdict.Unresolved(String why) -> {
        return new Answer(new Outcome.Transient(0, "baseUrl " + why), null);
      }
    }
    if (call.deadline().hasPassed()) {
      return new Answer(new Outcome.Transient(0, "out of time before the first byte"), null);
    }
    WatchedBody body =
        new WatchedBody(
            "status=" + URLEncoder.encode(call.text(), StandardCharsets.UTF_8), call.deadline());
    HttpRequest request =
        Exchange.request(call, "/api/v1/statuses")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Idempotency-Key", call.idempotencyKey())
            .POST(body)
            .build();
    try {
      HttpResponse<byte[]> response = Exchange.send(http, request, call);
      return new Answer(
          answers.read(response), MastodonLimits.read(response.headers()).orElse(null));
    } catch (IOException e) {
      return new Answer(cutShort(body, e, call), null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(cutShort(body, e, call), null);
    }
  }

  @Override
  public Probe probe(Call call, Instant firstCallAt, Set<String> claimed) {
    Optional<String> refusal = addresses.refusal(call.channel().baseUrl());
    return refusal.isPresent()
        ? new Probe.Unknown("baseUrl " + refusal.get())
        : recent.probe(call, firstCallAt, claimed);
  }

  /** Refused, unknown host, no TLS: nothing left. From the first byte of the body on: who knows. */
  private static Outcome cutShort(WatchedBody body, Exception e, Call call) {
    String detail = Exchange.describe(e, call);
    return body.withhold() ? new Outcome.Transient(0, detail) : new Outcome.Ambiguous(0, detail);
  }
}
