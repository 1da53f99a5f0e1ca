package io.pulsegrid.connectors.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A reader of addresses that nobody vouches for. Each visit has one deadline for everything, reads
 * no more than its limit, follows at most five redirects, and asks the {@link AddressPolicy} before
 * every hop. Safe for use by many threads; blocks, so call it on a virtual thread.
 */
public final class WebClient {
  private static final int MAX_REDIRECTS = 5;

  /** One visit: for whom, and until when. */
  private record Errand(String sourceId, Instant deadline) {}

  private final HttpClient client;
  private final AddressPolicy addresses;
  private final SourceGate sources;
  private final InstantSource clock;
  private final String userAgent;

  /**
   * @param client must not follow redirects by itself: each hop is checked here
   * @param sources asked before each hop, after the address policy
   * @param userAgent what to say when asked who is calling
   */
  public WebClient(
      HttpClient client,
      AddressPolicy addresses,
      SourceGate sources,
      InstantSource clock,
      String userAgent) {
    if (client.followRedirects() != HttpClient.Redirect.NEVER) {
      throw new IllegalArgumentException(
          "the client must never follow redirects, was " + client.followRedirects());
    }
    this.client = client;
    this.addresses = addresses;
    this.sources = sources;
    this.clock = clock;
    this.userAgent = userAgent;
  }

  /** Why this address must not be visited; empty when it may. */
  public Optional<String> refusal(URI url) {
    return addresses.refusal(url);
  }

  /**
   * Asks an address; never throws for what the network or the server does.
   *
   * @param sourceId on whose behalf: its silences are its own, not its host's
   */
  public Fetched get(URI url, Map<String, String> headers, FetchLimits limits, String sourceId) {
    Instant deadline = clock.instant().plus(limits.timeout());
    URI at = url;
    @Nullable URI movedTo = null;
    boolean permanentSoFar = true;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      Optional<String> refusal = addresses.refusal(at);
      if (refusal.isPresent()) {
        return new Fetched.NoAnswer(
            at.equals(url) ? refusal.get() : ShownAddress.of(at) + ": " + refusal.get());
      }
      HttpResponse<byte[]> response;
      try {
        response = send(Ask.get(at, headers), limits, new Errand(sourceId, deadline));
      } catch (UnansweredException unanswered) {
        return new Fetched.NoAnswer(unanswered.detail());
      }
      Optional<String> location = response.headers().firstValue("Location");
      if (!isRedirect(response.statusCode()) || location.isEmpty()) {
        return answer(response, at, movedTo, limits);
      }
      try {
        at = at.resolve(location.get().strip());
      } catch (IllegalArgumentException notAnAddress) {
        return new Fetched.NoAnswer(
            "redirected to " + ShownAddress.of(location.get()) + ", which is no address");
      }
      permanentSoFar &= response.statusCode() == 301 || response.statusCode() == 308;
      if (permanentSoFar) {
        movedTo = at;
      }
    }
    return new Fetched.NoAnswer("redirected more than " + MAX_REDIRECTS + " times");
  }

  /**
   * Asks an API; never throws for what the network or the server does. A redirect is an answer like
   * any other: secrets go nowhere but where they were meant to go.
   *
   * @param sourceId on whose behalf: its silences are its own, not its host's
   */
  public Fetched ask(Ask ask, FetchLimits limits, String sourceId) {
    Optional<String> refusal = addresses.refusal(ask.url());
    if (refusal.isPresent()) {
      return new Fetched.NoAnswer(refusal.get());
    }
    Instant deadline = clock.instant().plus(limits.timeout());
    try {
      return answer(send(ask, limits, new Errand(sourceId, deadline)), ask.url(), null, limits);
    } catch (UnansweredException unanswered) {
      return new Fetched.NoAnswer(unanswered.detail());
    }
  }

  private static boolean isRedirect(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  private HttpResponse<byte[]> send(Ask ask, FetchLimits limits, Errand errand)
      throws UnansweredException {
    URI url = ask.url();
    Duration left = Duration.between(clock.instant(), errand.deadline());
    if (left.isNegative() || left.isZero()) {
      throw new UnansweredException("no answer within " + limits.timeout());
    }
    SourceGate.Pass pass =
        sources
            .enter(errand.sourceId())
            .orElseThrow(
                () ->
                    new UnansweredException(
                        "the source was silent lately and is left alone for now"));
    CompletableFuture<HttpResponse<byte[]>> sent = null;
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(url)
              .version(
                  "https".equalsIgnoreCase(url.getScheme())
                      ? HttpClient.Version.HTTP_2
                      : HttpClient.Version.HTTP_1_1)
              .timeout(left)
              .header("User-Agent", userAgent)
              .header("Accept-Encoding", "gzip");
      ask.headers().forEach(request::header);
      if (ask.body() != null) {
        request.POST(BodyPublishers.ofString(ask.body()));
      }
      sent =
          client.sendAsync(
              request.build(),
              BodyHandlers.limiting(BodyHandlers.ofByteArray(), limits.maxBytes()));
      // The request's own timeout ends with the headers; a body may drip for ever, so wait no
      // longer than the visit has left, whatever arrives.
      HttpResponse<byte[]> response = sent.get(left.toNanos(), TimeUnit.NANOSECONDS);
      pass.answered();
      return response;
    } catch (TimeoutException late) {
      pass.silent();
      sent.cancel(true);
      throw new UnansweredException("no complete answer within " + limits.timeout());
    } catch (ExecutionException failed) {
      if (isTooLarge(failed.getCause())) {
        pass.answered();
        throw new UnansweredException(tooLarge(limits));
      }
      pass.silent();
      throw new UnansweredException(describe(failed.getCause(), url, limits));
    } catch (InterruptedException interrupted) {
      pass.calledOff();
      if (sent != null) {
        sent.cancel(true);
      }
      Thread.currentThread().interrupt();
      throw new UnansweredException("the visit was called off");
    } catch (IllegalArgumentException badRequest) {
      pass.calledOff();
      throw new UnansweredException("cannot be asked: " + badRequest.getMessage());
    }
  }

  /** Whether the JDK's limiting body handler ended the reading; it says so in words only. */
  private static boolean isTooLarge(@Nullable Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      String message = at.getMessage() == null ? "" : at.getMessage();
      if (message.toLowerCase(Locale.ROOT).contains("exceeds capacity")) {
        return true;
      }
    }
    return false;
  }

  private static String describe(@Nullable Throwable cause, URI url, FetchLimits limits) {
    return Connecting.failure(cause, url)
        .orElseGet(
            () ->
                switch (cause) {
                  case java.net.http.HttpTimeoutException _ ->
                      "no answer within " + limits.timeout();
                  case null -> "the connection failed";
                  default -> "the connection failed" + Connecting.because(cause);
                });
  }

  private static String tooLarge(FetchLimits limits) {
    return "the answer is larger than " + limits.maxBytes() + " bytes and was cut off";
  }

  private Fetched answer(
      HttpResponse<byte[]> response, URI url, @Nullable URI movedTo, FetchLimits limits) {
    byte[] body = response.body();
    String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
    boolean packed = encoding.equalsIgnoreCase("gzip") || encoding.equalsIgnoreCase("x-gzip");
    if (packed && body.length > 0) {
      try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(body))) {
        body = unpacked.readNBytes((int) limits.maxBytes() + 1);
      } catch (IOException broken) {
        return new Fetched.NoAnswer("the gzip answer is broken" + Connecting.because(broken));
      }
      if (body.length > limits.maxBytes()) {
        return new Fetched.NoAnswer(tooLarge(limits));
      }
    }
    @Nullable Duration retryAfter =
        response
            .headers()
            .firstValue("Retry-After")
            .flatMap(value -> RetryAfter.parse(value, clock.instant()))
            .orElse(null);
    return new Fetched.Answer(
        response.statusCode(), new Place(url, movedTo), response.headers(), body, retryAfter);
  }

  /** Ends a visit early with a sentence; never leaves this class. */
  private static final class UnansweredException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String detail;

    UnansweredException(String detail) {
      super(detail, null, false, false);
      this.detail = detail;
    }

    String detail() {
      return detail;
    }
  }
}
