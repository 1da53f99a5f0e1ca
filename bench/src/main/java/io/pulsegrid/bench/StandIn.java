package io.pulsegrid.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The stand-in platform as a process of its own, which handles a post at once and answers after a
 * while, and holds nobody back.
 */
final class StandIn implements AutoCloseable {
  private static final String READY = "sim ready ";
  private static final Pattern KEY = Pattern.compile("\"idempotencyKey\":\"([^\"]+)\"");

  private final Process process;
  private final URI uri;
  private final HttpClient http = HttpClient.newHttpClient();

  private StandIn(Process process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  static StandIn start(Duration answersIn) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dpulsegrid.stop-with-input=true",
                "-cp",
                System.getProperty("java.class.path"),
                "io.pulsegrid.sim.SimMain",
                "--port",
                String.valueOf(FreePorts.inARow(1)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader lines = process.inputReader();
    String line = lines.readLine();
    if (line == null || !line.startsWith(READY)) {
      process.destroyForcibly();
      throw new IOException("the stand-in platform did not start: " + line);
    }
    StandIn platform = new StandIn(process, URI.create(line.substring(READY.length())));
    platform.send(
        "PUT", "/sim/limits", "{\"mastodon\":[{\"limit\":1000000,\"windowSeconds\":3600}]}");
    platform.send(
        "POST",
        "/sim/faults",
        "[{\"platform\":\"mastodon\",\"op\":\"publish\",\"kind\":\"create-then-delay\",\"delayMs\":%d}]"
            .formatted(answersIn.toMillis()));
    return platform;
  }

  /** Without a slash at the end. */
  URI uri() {
    return uri;
  }

  List<ProcessHandle> processes() {
    return List.of(process.toHandle());
  }

  /** Forgets what has arrived. */
  void forget() throws IOException, InterruptedException {
    String _ = send("DELETE", "/sim/ledger", "");
  }

  /**
   * What became of deliveries on the platform.
   *
   * @param twice how often one came that was there already
   * @param never how many never came
   */
  record Arrived(int twice, int never) {}

  /** What became of so many deliveries. */
  Arrived arrived(int expected) throws IOException, InterruptedException {
    Matcher found = KEY.matcher(send("GET", "/sim/ledger", ""));
    List<String> keys = new ArrayList<>();
    while (found.find()) {
      keys.add(found.group(1));
    }
    Set<String> distinct = new HashSet<>(keys);
    return new Arrived(keys.size() - distinct.size(), expected - distinct.size());
  }

  private String send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(uri.resolve(path))
                .method(
                    method,
                    body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  @Override
  public void close() {
    http.shutdownNow();
    process.destroy();
  }
}
