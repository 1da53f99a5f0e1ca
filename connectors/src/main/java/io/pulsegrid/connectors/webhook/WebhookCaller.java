package io.pulsegrid.connectors.webhook;

import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.http.AddressPolicy.Verdict;
import io.pulsegrid.connectors.http.Connecting;
import io.pulsegrid.core.time.Deadline;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Puts one message to one address. Follows no redirect, asks the {@link AddressPolicy} before each
 * call, and waits no longer than the deadline for the whole answer, of which it keeps the status
 * alone. Safe for use by many threads; blocks.
 */
public final class WebhookCaller {
  private static final int GONE = 410;

  private final HttpClient http;
  private final AddressPolicy addresses;
  private final InstantSource clock;

  /** How a call ended. */
  public sealed interface Answer {
    /** The receiver has it. */
    record Taken() implements Answer {}

    /**
     * The receiver may have it, but does not say so.
     *
     * @param forGood whether it asks to be told nothing more
     */
    record NotTaken(String detail, boolean forGood) implements Answer {}
  }

  /**
   * @param http a client that follows no redirect: what is signed for one address is not for
   *     another
   */
  public WebhookCaller(HttpClient http, AddressPolicy addresses, InstantSource clock) {
    if (http.followRedirects() != HttpClient.Redirect.NEVER) {
      throw new IllegalArgumentException(
          "http must follow no redirect, was " + http.followRedirects());
    }
    this.http = http;
    this.addresses = addresses;
    this.clock = clock;
  }

  /** Signs and sends a body. Never throws for what the network or the receiver does. */
  public Answer post(URI url, SigningKey key, String id, String body, Deadline deadline) {
    switch (addresses.judge(url)) {
      case Verdict.Open _ -> {}
      case Verdict.Forbidden(String why) -> {
        return new Answer.NotTaken("the address " + why, false);
      }
      case Verdict.Unresolved(String why) -> {
        return new Answer.NotTaken(why, false);
      }
    }
    // Of a process that was stopped meanwhile another node may have sent it by now.
    Duration left = deadline.left();
    if (!left.isPositive()) {
      return new Answer.NotTaken("its time was over before the call", false);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .version(HttpClient.Version.HTTP_1_1)
            .header("Content-Type", "application/json")
            .header("User-Agent", "pulsegrid")
            .POST(BodyPublishers.ofString(body));
    key.headers(id, clock.instant(), body).forEach(request::header);
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(request.build(), BodyHandlers.discarding());
    try {
      int status = answer.get(left.toNanos(), TimeUnit.NANOSECONDS).statusCode();
      return status >= 200 && status < 300
          ? new Answer.Taken()
          : new Answer.NotTaken("HTTP " + status, status == GONE);
    } catch (TimeoutException e) {
      return new Answer.NotTaken("no answer in time", false);
    } catch (ExecutionException e) {
      return new Answer.NotTaken(
          Connecting.failure(e.getCause(), url).orElse("the connection broke off"), false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.NotTaken("the node stopped", false);
    } finally {
      // Ends a call that nobody waits for any more; does nothing to one that is done.
      answer.cancel(true);
    }
  }
}
