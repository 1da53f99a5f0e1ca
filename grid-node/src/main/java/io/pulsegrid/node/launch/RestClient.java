package io.pulsegrid.node.launch;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Speaks REST with a node. Every refusal becomes one sentence. */
final class RestClient {
  /** A node that died is started again by then, one that hung up has room again. */
  private static final Duration AFTER_A_BREAK = Duration.ofSeconds(5);

  /** What a refused caller may not know: the file is written once, by the first start. */
  static final String OF_ADMIN =
      "where the one of admin.key was rotated or deleted, write the new one into it";

  private final URI address;
  private final String key;
  private final JsonMapper json = new JsonMapper();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  RestClient(URI address, String key) {
    this.address = address;
    this.key = key;
  }

  ObjectNode object() {
    return json.createObjectNode();
  }

  JsonNode get(String path) throws InterruptedException {
    return send(request(path).GET());
  }

  JsonNode post(String path, JsonNode body) throws InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  /** A call of any length: imports and verifications take as long as they take. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + "/api/v1" + path))
        .header("Authorization", "Bearer " + key)
        .header("Accept", "application/json, application/problem+json");
  }

  /**
   * The answer to a request.
   *
   * @throws PulsegridException in the node's own words when it refuses, or when nobody answers;
   *     with a time to come back where that may help
   */
  JsonNode send(HttpRequest.Builder request) throws InterruptedException {
    HttpResponse<String> response;
    try {
      response = client.send(request.build(), BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw PulsegridException.of(
          FailureCode.UNAVAILABLE,
          "no node answers at " + address + "; start one with ./pulsegrid up, or give --url");
    } catch (IOException e) {
      throw PulsegridException.unavailable(
          "the connection to " + address + " broke: " + e.getMessage(), AFTER_A_BREAK);
    }
    JsonNode body = parsed(response);
    if (response.statusCode() / 100 == 2) {
      return body;
    }
    Optional<Duration> comeBack =
        response.headers().firstValue("Retry-After").flatMap(RestClient::seconds);
    if (response.statusCode() == 503 && comeBack.isPresent()) {
      throw PulsegridException.unavailable(problem(response, body), comeBack.get());
    }
    throw PulsegridException.of(FailureCode.INTERNAL, problem(response, body));
  }

  /**
   * The lines of an answer that goes on as long as the node has something to tell; closing it ends
   * the call.
   *
   * @throws PulsegridException as {@link #send} does
   */
  Stream<String> lines(String path) throws InterruptedException {
    try {
      HttpResponse<Stream<String>> response =
          client.send(
              request(path)
                  .setHeader("Accept", "text/event-stream, application/problem+json")
                  .GET()
                  .build(),
              BodyHandlers.ofLines());
      if (response.statusCode() == 200) {
        return response.body();
      }
      throw PulsegridException.of(
          FailureCode.INTERNAL, address + " answered " + response.statusCode() + " to " + path);
    } catch (IOException e) {
      throw PulsegridException.unavailable(
          "the connection to " + address + " broke: " + e.getMessage(), AFTER_A_BREAK);
    }
  }

  private static Optional<Duration> seconds(String header) {
    try {
      return Optional.of(Duration.ofSeconds(Long.parseLong(header.strip())));
    } catch (NumberFormatException aDate) {
      return Optional.empty();
    }
  }

  private String problem(HttpResponse<String> response, JsonNode body) {
    var text = new StringBuilder(address.toString()).append(" answered ");
    text.append(response.statusCode());
    String detail = body.path("detail").asString(body.path("title").asString(""));
    if (!detail.isEmpty()) {
      text.append(": ").append(detail);
    }
    for (JsonNode error : body.path("errors")) {
      String sentence = error.path("field").asString("") + " " + error.path("message").asString("");
      if (!detail.contains(error.path("message").asString(""))) {
        text.append("; ").append(sentence.strip());
      }
    }
    if (response.statusCode() == 401) {
      text.append(" (the key comes from --key, PULSEGRID_KEY or the admin.key in --data; ")
          .append(OF_ADMIN)
          .append(')');
    }
    response
        .headers()
        .firstValue("Retry-After")
        .ifPresent(seconds -> text.append("; try again in ").append(seconds).append(" s"));
    return text.toString();
  }

  private JsonNode parsed(HttpResponse<String> response) {
    try {
      return json.readTree(response.body());
    } catch (JacksonException e) {
      if (response.statusCode() / 100 == 2) {
        throw PulsegridException.of(
            FailureCode.INTERNAL, address + " answered with something that is not JSON");
      }
      return json.createObjectNode();
    }
  }
}
