package io.pulsegrid.bench;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A grid of real node processes, as {@code ./pulsegrid up} starts it, on a directory of its own.
 */
final class GridUnderTest implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Launched launched;
  private final Path data;
  private final int port;
  private final int nodes;
  private final String key;

  private GridUnderTest(Launched launched, Path data, int port, int nodes, String key) {
    this.launched = launched;
    this.data = data;
    this.port = port;
    this.nodes = nodes;
    this.key = key;
  }

  /**
   * Starts the nodes and waits until all are ready.
   *
   * @param folder holds the data directory, {@code data}, which may be there
   */
  static GridUnderTest start(int nodes, Path folder) throws IOException {
    return start(nodes, folder, null);
  }

  /**
   * The same with settings of the nodes' own.
   *
   * @param settings null for none
   */
  static GridUnderTest start(int nodes, Path folder, @Nullable Path settings) throws IOException {
    Path data = folder.resolve("data");
    int port = FreePorts.inARow(nodes);
    Launched launched = Launched.up(nodes, port, data, settings);
    try {
      String key = Files.readString(data.resolve("admin.key")).strip();
      return new GridUnderTest(launched, data, port, nodes, key);
    } catch (IOException e) {
      launched.close();
      throw e;
    }
  }

  int nodes() {
    return nodes;
  }

  /** The administrator's key. */
  String key() {
    return key;
  }

  /** The nodes' own processes. */
  List<ProcessHandle> nodeProcesses() {
    return launched.nodes();
  }

  /** What each node's process holds of the machine's memory now, in MB. */
  List<Double> residentMegabytes() throws IOException {
    List<Double> held = new ArrayList<>();
    for (ProcessHandle node : nodeProcesses()) {
      Process asked =
          new ProcessBuilder("ps", "-o", "rss=", "-p", String.valueOf(node.pid())).start();
      String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      held.add(Double.parseDouble(said.strip()) / 1_024);
    }
    return held;
  }

  /** Posts to the first node; answers the body. */
  String post(String path, String type, String body) throws IOException, InterruptedException {
    return send(0, path, request -> request.header("Content-Type", type).POST(text(body)));
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

  /**
   * Makes channels at a stand-in platform; answers their ids.
   *
   * @param platform its address, without a slash at the end
   */
  List<String> channels(String platform, int count) throws IOException, InterruptedException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(
          create(
              "/channels",
              """
              {"platform":"mastodon","handle":"@bench","zone":"UTC","baseUrl":"%s/mastodon",
               "credentials":{"accessToken":"t-bench-%d"}}
              """
                  .formatted(platform, i)));
    }
    return ids;
  }

  /** What a node answers. */
  String get(int node, String path) throws IOException, InterruptedException {
    return send(node, path, HttpRequest.Builder::GET);
  }

  /** The beginnings of a request to a node, with the administrator's key. */
  HttpRequest.Builder request(int node, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(node) + "/api/v1" + path))
        .header("Authorization", "Bearer " + key);
  }

  /** Where a node answers HTTP. */
  int port(int node) {
    return port + node;
  }

  /** How many posts a node finds. */
  long found(int node, String words, String mode) throws IOException, InterruptedException {
    String query = URLEncoder.encode(words, StandardCharsets.UTF_8);
    return number(get(node, "/search?limit=10&mode=" + mode + "&q=" + query), "total");
  }

  /** A whole number of an answer. */
  static long number(String json, String field) throws IOException {
    Matcher value = Pattern.compile("\"" + field + "\":(\\d+)").matcher(json);
    if (!value.find()) {
      throw new IOException("no " + field + " in " + json);
    }
    return Long.parseLong(value.group(1));
  }

  /** What the nodes' indexes take on disk. */
  double indexBytes() throws IOException {
    double bytes = 0;
    for (int node = 0; node < nodes; node++) {
      try (Stream<Path> files = Files.walk(data.resolve("node-" + node).resolve("index"))) {
        bytes += files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
      }
    }
    return bytes;
  }

  /** Metrics' values, added up over their labels and the nodes, each of which must tell all. */
  double total(String... metrics) throws IOException, InterruptedException {
    return total(true, metrics);
  }

  /** The same of one that a node tells of only once something happened. */
  double totalIfAny(String metric) throws IOException, InterruptedException {
    return total(false, metric);
  }

  private double total(boolean required, String... metrics)
      throws IOException, InterruptedException {
    double total = 0;
    for (int node = 0; node < nodes; node++) {
      URI uri = URI.create("http://127.0.0.1:" + (port + node) + "/actuator/prometheus");
      String told = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
      for (String metric : metrics) {
        List<String> lines =
            told.lines()
                .filter(line -> line.startsWith(metric + " ") || line.startsWith(metric + "{"))
                .toList();
        if (required && lines.isEmpty()) {
          throw new IOException("node " + node + " tells nothing of " + metric);
        }
        for (String line : lines) {
          total += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        }
      }
    }
    return total;
  }

  private interface Asked {
    HttpRequest.Builder of(HttpRequest.Builder request);
  }

  private String send(int node, String path, Asked asked) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(asked.of(request(node, path)).build(), BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  private static HttpRequest.BodyPublisher text(String body) {
    return BodyPublishers.ofString(body);
  }

  @Override
  public void close() {
    http.close();
    launched.close();
  }
}
