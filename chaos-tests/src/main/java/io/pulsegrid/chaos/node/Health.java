package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Whether a node says that it is ready. */
final class Health {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private Health() {}

  static boolean isReady(URI node) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(node + "/actuator/health/readiness"))
            .timeout(Duration.ofSeconds(3))
            .build();
    try {
      return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
