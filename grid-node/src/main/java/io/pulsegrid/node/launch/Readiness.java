package io.pulsegrid.node.launch;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Whether a node says that it is ready. A certificate is taken as it comes, for any name: whether
 * it is the right one is for callers to find out who send a key; nothing is sent here.
 */
final class Readiness {
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(2))
          .sslContext(AnyCertificate.context())
          .build();

  boolean of(String url) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url + "/actuator/health/readiness"))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
