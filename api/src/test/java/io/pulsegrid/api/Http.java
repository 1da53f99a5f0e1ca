package io.pulsegrid.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain client of the front under test. */
final class Http implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;
  private final String token;

  Http(int port, String token) {
    this.base = "http://127.0.0.1:" + port;
    this.token = token;
  }

  /** An answer with its body as text. */
  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String text() {
      return response.body();
    }

    JsonNode json() {
      return JSON.readTree(response.body());
    }

    String code() {
      return json().path("code").asString();
    }

    /** The fields at fault, by commas. */
    String fields() {
      return json()
          .path("errors")
          .valueStream()
          .map(error -> error.path("field").asString())
          .collect(java.util.stream.Collectors.joining(","));
    }
  }

  Answer get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  Answer delete(String path, String... headers) {
    return send("DELETE", path, BodyPublishers.noBody(), headers);
  }

  Answer post(String path, String json, String... headers) {
    return send("POST", path, BodyPublishers.ofString(json), with(headers));
  }

  Answer put(String path, String json, String... headers) {
    return send("PUT", path, BodyPublishers.ofString(json), with(headers));
  }

  Answer send(String method, String path, BodyPublisher body, String... headers) {
    try {
      return new Answer(
          client.send(
              request(path, headers).method(method, body).build(),
              BodyHandlers.ofString(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** An answer read as it comes. */
  HttpResponse<InputStream> open(String path, String... headers)
      throws IOException, InterruptedException {
    return client.send(request(path, headers).build(), BodyHandlers.ofInputStream());
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request;
  }

  private static String[] with(String... headers) {
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i].equalsIgnoreCase("Content-Type")) {
        return headers;
      }
    }
    String[] more = java.util.Arrays.copyOf(headers, headers.length + 2);
    more[headers.length] = "Content-Type";
    more[headers.length + 1] = "application/json";
    return more;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
