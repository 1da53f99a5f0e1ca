package io.pulsegrid.connectors.mastodon;

import io.pulsegrid.connectors.http.Connecting;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Publisher.Call;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request and its answer, read to the end within the call's time. */
final class Exchange {
  static final String ACCESS_TOKEN = "accessToken";
  private static final long MOST_BYTES = 1 << 20;

  private Exchange() {}

  static HttpRequest.Builder request(Call call, String path) {
    return HttpRequest.newBuilder(at(call.channel(), path))
        .version(HttpClient.Version.HTTP_1_1)
        .header("Accept", "application/json")
        .header("User-Agent", "pulsegrid")
        .header("Authorization", "Bearer " + call.credentials().values().get(ACCESS_TOKEN));
  }

  /**
   * The whole answer.
   *
   * @throws HttpTimeoutException when it is not there in time, headers or not: the client's own
   *     timeout would end with the headers
   */
  static HttpResponse<byte[]> send(HttpClient http, HttpRequest request, Call call)
      throws IOException, InterruptedException {
    Duration left = call.deadline().left();
    if (!left.isPositive()) {
      throw new HttpTimeoutException("no time left to ask");
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      return answer.get(left.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no answer in " + left);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      // Ends a request that nobody waits for any more; does nothing to one that is done.
      answer.cancel(true);
    }
  }

  static URI at(Channel.Spec channel, String path) {
    String base = channel.baseUrl().toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  static String describe(Exception e, Call call) {
    String kind = e.getClass().getSimpleName();
    String said =
        Connecting.failure(e, call.channel().baseUrl())
            .orElseGet(() -> e.getMessage() == null ? kind : kind + ": " + e.getMessage());
    // The message may quote what the server sent.
    return StatusAnswer.detail(said);
  }
}
