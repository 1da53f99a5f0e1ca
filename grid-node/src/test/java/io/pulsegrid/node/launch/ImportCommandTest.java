package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code import} and {@code verify} against a server that speaks like a node. */
class ImportCommandTest {
  private static final String ANSWER =
      "{\"accepted\":2,\"unchanged\":0,\"rejected\":0,\"errors\":[],\"ignoredColumns\":[]}";

  @TempDir Path directory;
  private HttpServer server;
  private volatile int status = 200;
  private volatile String answer = ANSWER;
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile String comeBack = "1";
  private volatile String seenQuery = "";
  private volatile String seenType = "";
  private volatile String seenKey = "";
  private volatile String seenBody = "";

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/api/v1/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void streamsACsvFileWithItsOptions() throws IOException {
    Path file = Files.writeString(directory.resolve("posts.csv"), "id,title\n1,one\n2,two\n");
    assertThat(
            run(
                "import",
                file.toString(),
                "--platform",
                "hackernews",
                "--map",
                "id=nativeId,points=likes",
                "--date-format",
                "dd MM yyyy",
                "--zone",
                "Europe/Paris"))
        .isZero();
    assertThat(seenType).isEqualTo("text/csv");
    assertThat(seenKey).isEqualTo("Bearer pg_test");
    assertThat(seenBody).isEqualTo("id,title\n1,one\n2,two\n");
    assertThat(seenQuery)
        .isEqualTo(
            "platform=hackernews&map=id%3DnativeId%2Cpoints%3Dlikes"
                + "&dateFormat=dd+MM+yyyy&zone=Europe%2FParis");
  }

  @Test
  void tellsTheFormByTheFirstCharacterWhereTheNameDoesNot() throws IOException {
    Path file = Files.writeString(directory.resolve("posts.txt"), "\n  {\"nativeId\":\"1\"}\n");
    assertThat(run("import", file.toString())).isZero();
    assertThat(seenType).isEqualTo("application/x-ndjson");
    assertThat(seenBody).isEqualTo("\n  {\"nativeId\":\"1\"}\n");
  }

  @Test
  void endsWithThreeWhenLinesWereRejected() throws IOException {
    answer =
        "{\"accepted\":1,\"unchanged\":0,\"rejected\":1,\"errors\":"
            + "[{\"line\":2,\"field\":\"title\",\"message\":\"is missing\"}]}";
    Path file = Files.writeString(directory.resolve("posts.ndjson"), "{}\n{}\n");
    assertThat(run("import", file.toString())).isEqualTo(3);
  }

  @Test
  void tellsTheFirstErrorsInItsOwnOptionsAndCountsTheRest() throws IOException {
    String error =
        "{\"line\":2,\"field\":\"publishedAt\",\"message\":\"must be ISO-8601 (or give dateFormat=)\"}";
    answer =
        "{\"accepted\":0,\"rejected\":14,\"errors\":["
            + String.join(",", Collections.nCopies(14, error))
            + "]}";
    Path file = Files.writeString(directory.resolve("posts.ndjson"), "{}\n");
    String told = complaints(() -> assertThat(run("import", file.toString())).isEqualTo(3));
    assertThat(told.lines().filter(line -> line.startsWith("line 2")))
        .hasSize(10)
        .allMatch(line -> line.endsWith("(or give --date-format)"));
    assertThat(told.lines()).last().isEqualTo("4 more in the answer below");
  }

  @Test
  void namesTheOptionsThatAKeyComesFrom() throws IOException {
    Path file = Files.writeString(directory.resolve("posts.ndjson"), "{}\n");
    String told =
        complaints(
            () ->
                assertThat(Main.execute("import", file.toString(), "--data", directory.toString()))
                    .isEqualTo(1));
    assertThat(told).contains("give --key").contains("give --data, the directory");
  }

  @Test
  void endsWithOneWhenTheNodeRefuses() throws IOException {
    status = 401;
    answer = "{\"title\":\"Unauthorized\",\"status\":401,\"detail\":\"the key is not known\"}";
    Path file = Files.writeString(directory.resolve("posts.ndjson"), "{}\n");
    String told = complaints(() -> assertThat(run("import", file.toString())).isEqualTo(1));
    assertThat(told)
        .contains("the key is not known")
        .contains("where the one of admin.key was rotated or deleted, write the new one into it");
  }

  @Test
  void waitsAsLongAsTheNodeAsksAndGoesOnByItself() throws IOException {
    refusals.set(2);
    Path file = Files.writeString(directory.resolve("posts.csv"), "id,title\n1,one\n2,two\n");
    String told = complaints(() -> assertThat(run("import", file.toString())).isZero());
    assertThat(told.lines().filter(line -> line.contains("sending the file again in 1 s")))
        .hasSize(2);
    assertThat(seenBody).as("from its beginning").isEqualTo("id,title\n1,one\n2,two\n");
  }

  @Test
  void givesUpOnANodeThatAsksForMorePatienceThanAnImportHas() throws IOException {
    refusals.set(1);
    comeBack = "3600";
    Path file = Files.writeString(directory.resolve("posts.csv"), "id,title\n1,one\n");
    String told = complaints(() -> assertThat(run("import", file.toString())).isEqualTo(1));
    assertThat(told).contains("try again in 3600 s");
    assertThat(refusals.get()).isZero();
  }

  @Test
  void endsWithOneWhenTheFileOrTheNodeIsAway() {
    assertThat(run("import", directory.resolve("none.csv").toString())).isEqualTo(1);
    server.stop(0);
    assertThat(run("verify")).isEqualTo(1);
  }

  @Test
  void endsWithTwoOnWrongUsage() throws IOException {
    assertThat(Main.execute("import")).isEqualTo(2);
    assertThat(Main.execute("up", "--nodes", "0")).isEqualTo(2);
    assertThat(Main.execute("up", "--port", "70000")).isEqualTo(2);
    assertThat(Main.execute("up", "--config", directory.resolve("none.yml").toString()))
        .isEqualTo(2);
    assertThat(Main.execute("up", "--data", "")).isEqualTo(2);
    assertThat(Main.execute("up", "--config", Files.createFile(directory.resolve("c.conf")) + ""))
        .isEqualTo(2);
    assertThat(Main.execute("demo", "--port", "9600", "--sim-port", "9600")).isEqualTo(2);
    assertThat(Main.execute("nothing")).isEqualTo(2);
    assertThat(Main.execute()).isEqualTo(2);
  }

  @Test
  void verifiesAndWritesTheAnswerDown() throws IOException {
    answer =
        "{\"clean\":true,\"gridPosts\":5,\"storedPosts\":5,\"indexedPosts\":5,\"gridVectors\":5,"
            + "\"storedVectors\":5,\"differing\":0,\"repaired\":0,\"differences\":[]}";
    Path json = directory.resolve("verify.json");
    assertThat(run("verify", "--repair", "--json", json.toString())).isZero();
    assertThat(seenQuery).isEqualTo("repair=true");
    assertThat(Files.readString(json)).contains("\"gridPosts\":5");

    answer = answer.replace("\"clean\":true", "\"clean\":false");
    assertThat(run("verify")).isEqualTo(1);
  }

  private static String complaints(Runnable work) {
    PrintStream err = System.err;
    var told = new ByteArrayOutputStream();
    System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setErr(err);
    }
    return told.toString(StandardCharsets.UTF_8);
  }

  private int run(String... arguments) {
    var all = new java.util.ArrayList<>(java.util.List.of(arguments));
    all.addAll(
        java.util.List.of(
            "--key", "pg_test", "--url", "http://127.0.0.1:" + server.getAddress().getPort()));
    return Main.execute(all.toArray(String[]::new));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      seenQuery = String.valueOf(exchange.getRequestURI().getRawQuery());
      seenType = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
      seenKey = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      seenBody = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        exchange.getResponseHeaders().set("Retry-After", comeBack);
        exchange.sendResponseHeaders(503, -1);
        return;
      }
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
