package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A caller of a node's REST face with one key. */
public final class Rest {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final URI base;
  private final String key;
  private final Duration patience;

  Rest(URI base, String key) {
    this(base, key, PATIENCE);
  }

  private Rest(URI base, String key, Duration patience) {
    this.base = base;
    this.key = key;
    this.patience = patience;
  }

  /** The same node for the holder of another key. */
  public Rest with(String otherKey) {
    return new Rest(base, otherKey, patience);
  }

  /** The same for a caller who waits no longer than this for an answer. */
  public Rest waiting(Duration longest) {
    return new Rest(base, key, longest);
  }

  public Answer get(String path) throws IOException, InterruptedException {
    return send("GET", path, "application/json", "");
  }

  public Answer post(String path, String json) throws IOException, InterruptedException {
    return send("POST", path, "application/json", json);
  }

  public Answer importLines(String lines) throws IOException, InterruptedException {
    return send("POST", "/posts/import", "application/x-ndjson", lines);
  }

  public Answer send(String method, String path, String contentType, String body)
      throws IOException, InterruptedException {
    return answer(
        HTTP.send(request(method, path, contentType, body).build(), BodyHandlers.ofString()));
  }

  /** A POST of JSON that is safe to repeat under its key. */
  public Answer postOnce(String path, String json, String idempotencyKey)
      throws IOException, InterruptedException {
    HttpRequest request =
        request("POST", path, "application/json", json)
            .header("Idempotency-Key", idempotencyKey)
            .build();
    return answer(HTTP.send(request, BodyHandlers.ofString()));
  }

  /** An import whose lines are still to come; it is not waited for. */
  public CompletableFuture<Answer> importLater(InputStream lines) {
    return HTTP.sendAsync(
            request("POST", "/posts/import", "application/x-ndjson", "")
                .POST(BodyPublishers.ofInputStream(() -> lines))
                .build(),
            BodyHandlers.ofString())
        .thenApply(Rest::answer);
  }

  private HttpRequest.Builder request(String method, String path, String contentType, String body) {
    return HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
        .timeout(patience)
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", contentType)
        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
  }

  private static Answer answer(HttpResponse<String> response) {
    String body = response.body();
    JsonNode json =
        body.startsWith("{") || body.startsWith("[")
            ? JsonMapper.shared().readTree(body)
            : JsonMapper.shared().createObjectNode().put("text", body);
    return new Answer(response.statusCode(), json);
  }
}
