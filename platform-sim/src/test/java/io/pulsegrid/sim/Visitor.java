package io.pulsegrid.sim;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of a stand-in. */
final class Visitor implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;

  Visitor(Sim sim) {
    this.base = sim.uri();
  }

  HttpResponse<String> get(String path, String... headers) throws IOException {
    return send(HttpRequest.newBuilder().GET(), path, headers);
  }

  HttpResponse<String> send(String method, String path, String body) throws IOException {
    return send(
        HttpRequest.newBuilder().method(method, BodyPublishers.ofString(body)),
        path,
        "Content-Type",
        "application/json");
  }

  HttpResponse<String> publish(String token, String text, String... headers) throws IOException {
    String form = "status=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    var request =
        HttpRequest.newBuilder()
            .POST(BodyPublishers.ofString(form))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Authorization", "Bearer " + token);
    return send(request, "/mastodon/api/v1/statuses", headers);
  }

  HttpResponse<String> publishJson(String token, String body) throws IOException {
    var request =
        HttpRequest.newBuilder()
            .POST(BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + token);
    return send(request, "/mastodon/api/v1/statuses");
  }

  JsonNode ledger() throws IOException {
    return json(get("/sim/ledger")).path("items");
  }

  JsonNode violations() throws IOException {
    return json(get("/sim/violations")).path("items");
  }

  static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path, String... headers)
      throws IOException {
    String address = path.startsWith("http") ? path : base + path;
    request.uri(URI.create(address)).timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
