package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.Connecting;
import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.Dialect;
import io.pulsegrid.connectors.limits.Told;
import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Call;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * All requests of one call, within its deadline. It tells the one request that creates the post
 * from those that create nothing, and so knows, however the call ends, whether the post may be
 * there. Used by one thread.
 */
final class Exchange {
  static final String FORM = "application/x-www-form-urlencoded";
  static final String JSON = "application/json";

  private static final Duration UNTOLD_PAUSE = Duration.ofMinutes(5);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(24);
  private static final long MOST_BYTES = 1 << 20;
  private static final int MOST_DETAIL = 500;
  private static final int MOST_ID = 200;
  private static final int MOST_URL = 2000;

  private final Outside outside;
  private final Dialect dialect;
  private final Call call;
  private @Nullable WatchedBody creating;
  private @Nullable Allowance allowance;
  private Duration serverAhead = Duration.ZERO;

  Exchange(Outside outside, Dialect dialect, Call call) {
    this.outside = outside;
    this.dialect = dialect;
    this.call = call;
  }

  Call call() {
    return call;
  }

  /** A secret of the channel, which was checked to be there when it was made. */
  String secret(String name) {
    return call.credentials().values().getOrDefault(name, "");
  }

  Instant now() {
    return outside.clock().instant();
  }

  /** A request to a path of the platform. */
  HttpRequest.Builder to(String path) {
    return request(at(call.channel().baseUrl(), path));
  }

  static HttpRequest.Builder request(URI address) {
    return HttpRequest.newBuilder(address)
        .version(HttpClient.Version.HTTP_1_1)
        .header("Accept", JSON)
        .header("User-Agent", "pulsegrid");
  }

  static URI at(URI baseUrl, String path) {
    String base = baseUrl.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  /** Asks what creates no post. */
  Heard ask(HttpRequest.Builder request) throws IOException, InterruptedException {
    return send(request.build());
  }

  /** Asks for what is there, and takes nothing but 200. */
  Heard read(HttpRequest.Builder request) throws Ended, IOException, InterruptedException {
    HttpRequest built = request.build();
    Heard heard = send(built);
    if (heard.status() != 200) {
      throw unusable(heard, "HTTP " + heard.status() + " to " + built.uri().getPath());
    }
    return heard;
  }

  /**
   * Who the account is, by the answer to that question.
   *
   * @param id where in the answer
   * @param message where a refusal says why
   * @throws Ended {@code Unauthorized} where the credentials open no account
   */
  String self(Heard heard, String id, String message) throws Ended, Unusable {
    // Not 403: a token may be good for posting and yet not for this question.
    if (heard.status() == 401) {
      throw new Ended(new Outcome.Unauthorized(401, detail(heard, heard.text(message))));
    }
    if (!heard.ok()) {
      throw unusable(heard, detail(heard, heard.text(message)));
    }
    return RecentPosts.id(heard.text(id));
  }

  /**
   * An answer that tells nothing of what was asked.
   *
   * @throws Ended instead when it was asked too often; not after a post was sent, which is in doubt
   */
  Unusable unusable(Heard heard, String said) throws Ended {
    if (creating == null && dialect.throttles(heard)) {
      throw new Ended(throttled(heard, said));
    }
    return new Unusable(said);
  }

  /** Sends a body that creates no post. */
  Heard ask(HttpRequest.Builder request, String type, String body)
      throws IOException, InterruptedException {
    return send(request.header("Content-Type", type).POST(BodyPublishers.ofString(body)).build());
  }

  /** Sends the body that creates the post. Its answer alone tells what is left of the limit. */
  Heard create(HttpRequest.Builder request, String type, String body)
      throws IOException, InterruptedException {
    creating = new WatchedBody(body, call.deadline());
    Heard heard = send(request.header("Content-Type", type).POST(creating).build());
    allowance = dialect.read(heard, now()).allowance();
    return heard;
  }

  /** The platform said that the creating request made nothing: it may be sent once more. */
  void madeNothing() {
    creating = null;
  }

  /** What the platform said to be left. */
  @Nullable Allowance allowance() {
    return allowance;
  }

  /** Knows what is left from more than the answer to the creating request. */
  void told(Allowance left) {
    allowance = left;
  }

  /** How far the platform's clock is ahead of ours, by its latest answer. */
  Duration serverAhead() {
    return serverAhead;
  }

  Outcome created(Heard heard, String id, @Nullable String url) {
    return keepable(id, MOST_ID)
        ? new Outcome.Accepted(id, keptUrl(url), heard.status(), "created")
        : new Outcome.Ambiguous(heard.status(), "the answer is broken: no post in it");
  }

  /** An id as it can be kept and asked for again. */
  static Optional<String> keptId(String id) {
    return keepable(id, MOST_ID) ? Optional.of(id) : Optional.empty();
  }

  static @Nullable String keptUrl(@Nullable String url) {
    return url != null && keepable(url, MOST_URL) ? url : null;
  }

  /**
   * What an answer to the creating request means that the connector knows no better of. The body
   * had been sent by then: whatever is not clearly a yes or a no is in doubt.
   */
  Outcome answered(Heard heard, String said) {
    String detail = detail(heard, said);
    int status = heard.status();
    if (dialect.throttles(heard)) {
      return throttled(heard, detail);
    }
    return switch (status) {
      case 401, 403 -> new Outcome.Unauthorized(status, detail);
      // Nothing there takes posts: a wrong address, or a body that is too large for the door.
      case 301, 302, 303, 307, 308, 404, 405, 410, 413 -> new Outcome.Rejected(status, detail);
      // 5xx, also as the answer to a replayed key; 400 and 409 for what was well formed: platforms
      // said so of posts that were there.
      default -> new Outcome.Ambiguous(status, detail);
    };
  }

  /** The same of a request that creates no post: nothing is ever in doubt. */
  Outcome unprepared(Heard heard, String said) {
    Outcome outcome = answered(heard, said);
    return switch (outcome) {
      case Outcome.Ambiguous(int status, String detail) when status == 400 || status == 422 ->
          new Outcome.Rejected(status, detail);
      // What fails in passing says nothing of the account.
      case Outcome.Ambiguous(int status, String detail) -> new Outcome.Transient(status, detail);
      case Outcome.Accepted _,
          Outcome.Rejected _,
          Outcome.Throttled _,
          Outcome.Unauthorized _,
          Outcome.Transient _ ->
          outcome;
    };
  }

  Outcome rejected(Heard heard, String said) {
    return new Outcome.Rejected(heard.status(), detail(heard, said));
  }

  Outcome throttled(Heard heard, String said) {
    Instant now = now();
    Told told = dialect.read(heard, now);
    Instant until = told.blockedUntil() == null ? now.plus(UNTOLD_PAUSE) : told.blockedUntil();
    Instant longest = now.plus(LONGEST_PAUSE);
    return new Outcome.Throttled(
        until.isAfter(longest) ? longest : until,
        heard.status(),
        detail(heard, said),
        told.blocksApp());
  }

  /** Refused, unknown host, no TLS: nothing left. From the first byte of the body on: who knows. */
  Outcome cutShort(Exception e) {
    WatchedBody body = creating;
    return body == null || body.withhold()
        ? new Outcome.Transient(0, describe(e))
        : new Outcome.Ambiguous(0, describe(e));
  }

  String describe(Exception e) {
    String kind = e.getClass().getSimpleName();
    String said =
        Connecting.failure(e, call.channel().baseUrl())
            .orElseGet(
                () ->
                    e instanceof Unusable || e.getMessage() != null
                        ? (e instanceof Unusable ? "" : kind + ": ") + e.getMessage()
                        : kind);
    // The message may quote what the server sent.
    return shown(said);
  }

  /** What somebody else said, as it can be kept and shown. */
  static String detail(Heard heard, String said) {
    return shown(said.isEmpty() ? "HTTP " + heard.status() : said);
  }

  private static String shown(String said) {
    return PlainText.cut(PlainText.storable(said), MOST_DETAIL);
  }

  private static boolean keepable(String text, int most) {
    return !text.isEmpty() && text.length() <= most && PlainText.isStorable(text);
  }

  /**
   * The whole answer.
   *
   * @throws HttpTimeoutException when it is not there in time, headers or not: the client's own
   *     timeout would end with the headers
   */
  private Heard send(HttpRequest request) throws IOException, InterruptedException {
    Duration left = call.deadline().left();
    if (!left.isPositive()) {
      throw new HttpTimeoutException("no time left to ask");
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        outside
            .http()
            .sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      Heard heard = Heard.of(answer.get(left.toNanos(), TimeUnit.NANOSECONDS));
      serverAhead = ahead(heard);
      return heard;
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no answer in " + left);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      // Ends a request that nobody waits for any more; does nothing to one that is done.
      answer.cancel(true);
    }
  }

  private Duration ahead(Heard heard) {
    try {
      return heard
          .header("Date")
          .map(
              text ->
                  Duration.between(
                      now(), Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text))))
          .orElse(Duration.ZERO);
    } catch (DateTimeException foreign) {
      return Duration.ZERO;
    }
  }
}
