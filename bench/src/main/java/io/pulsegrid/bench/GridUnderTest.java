package io.pulsegrid.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A grid of real node processes, as {@code ./pulsegrid up} starts it, on a directory of its own.
 */
final class GridUnderTest implements AutoCloseable {
  private static final Duration TO_STOP = Duration.ofSeconds(60);
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process launcher;
  private final int nodes;
  private final int port;
  private final String key;

  private GridUnderTest(Process launcher, int nodes, int port, String key) {
    this.launcher = launcher;
    this.nodes = nodes;
    this.port = port;
    this.key = key;
  }

  /** Starts the nodes and waits until all are ready. */
  static GridUnderTest start(int nodes, int port, Path data, PrintStream progress)
      throws IOException {
    Path home = Path.of(System.getProperty("pulsegrid.home", ".")).toAbsolutePath().normalize();
    Path target = home.resolve("grid-node/target");
    Process launcher =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dpulsegrid.home=" + home,
                "-cp",
                target.resolve("*") + java.io.File.pathSeparator + target.resolve("lib/*"),
                "io.pulsegrid.node.launch.Main",
                "up",
                "--nodes",
                String.valueOf(nodes),
                "--port",
                String.valueOf(port),
                "--data",
                data.toString())
            .redirectErrorStream(true)
            .start();
    try {
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(launcher.getInputStream(), StandardCharsets.UTF_8));
      String line = lines.readLine();
      while (line != null && !line.startsWith("ready ")) {
        line = lines.readLine();
      }
      if (line == null) {
        throw new IOException("the grid of " + nodes + " did not start");
      }
      progress.println("grid of " + nodes + ": " + line);
      // Read on, so that the launcher never waits for us.
      Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
      String key = Files.readString(data.resolve("admin.key")).strip();
      return new GridUnderTest(launcher, nodes, port, key);
    } catch (IOException | RuntimeException e) {
      launcher.destroy();
      throw e;
    }
  }

  /** Posts to the first node; answers the body. */
  String post(String path, String type, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  /** Makes a resource; answers its id. */
  String create(String path, String json) throws IOException, InterruptedException {
    String answer = post(path, "application/json", json);
    Matcher id = ID.matcher(answer);
    if (!id.find()) {
      throw new IOException(path + " answered without an id: " + answer);
    }
    return id.group(1);
  }

  /** A metric's values, added up over its labels and the nodes, each of which must tell it. */
  double total(String metric) throws IOException, InterruptedException {
    return total(metric, true);
  }

  /** The same of one that a node tells of only once something happened. */
  double totalIfAny(String metric) throws IOException, InterruptedException {
    return total(metric, false);
  }

  private double total(String metric, boolean required) throws IOException, InterruptedException {
    double total = 0;
    for (int node = 0; node < nodes; node++) {
      URI uri = URI.create("http://127.0.0.1:" + (port + node) + "/actuator/prometheus");
      List<String> lines =
          http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
              .body()
              .lines()
              .filter(line -> line.startsWith(metric + " ") || line.startsWith(metric + "{"))
              .toList();
      if (required && lines.isEmpty()) {
        throw new IOException("node " + node + " tells nothing of " + metric);
      }
      for (String line : lines) {
        total += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    return total;
  }

  @Override
  public void close() throws IOException {
    http.close();
    boolean _ = launcher.toHandle().destroy();
    try {
      if (!launcher.waitFor(TO_STOP.toSeconds(), TimeUnit.SECONDS)) {
        launcher.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
