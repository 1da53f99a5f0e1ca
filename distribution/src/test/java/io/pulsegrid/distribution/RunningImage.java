package io.pulsegrid.distribution;

import static org.awaitility.Awaitility.await;

import io.pulsegrid.node.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The archive unpacked, and a node run from it by the entry point of the image: by a user who is
 * not root where the test can, on a runtime without a compiler, its store beside it. Not shown:
 * what the engine adds, such as its read-only root.
 */
final class RunningImage implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(5);
  private static final String NOBODY = "65534";

  private final Path directory;
  private final Path home;
  private final Image image = Image.of(Sources.text("Dockerfile"));
  private final int port = freePort();
  private final int discovery = freePort();
  private final int communication = freePort();
  private final int programs = freePort();
  private final WebCertificate certificate;
  private final EmbeddedStore store;
  private final Process node;

  private RunningImage(Path directory) throws IOException, InterruptedException {
    this.directory = directory.toRealPath();
    home = unpack(this.directory);
    runtime();
    Path data = Files.createDirectories(data());
    run(0, "chmod", "a+rx", this.directory.toString());
    if (switchesUser()) {
      run(0, "chown", NOBODY + ":" + NOBODY, data.toString());
    }
    certificate = new WebCertificate(this.directory.resolve("web.p12"));
    certificate.renew("first");
    store = EmbeddedStore.start(Files.createDirectories(this.directory.resolve("store")));
    node = start(image.entryPoint());
  }

  /** Starts it, and waits until its own health check says that it is well. */
  static RunningImage start(Path directory) throws IOException, InterruptedException {
    var running = new RunningImage(directory);
    await()
        .atMost(START)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> !running.node.isAlive() || running.isHealthy());
    if (!running.node.isAlive()) {
      String said = Files.readString(running.output());
      running.close();
      throw new AssertionError("it ended: " + said);
    }
    return running;
  }

  static Path archive() {
    return Sources.files("distribution/target", ".tar.gz").getFirst();
  }

  Path home() {
    return home;
  }

  Path data() {
    return directory.resolve("data");
  }

  /** What the node has printed, to its log file and to where a container's output goes. */
  String log() throws IOException {
    return Files.readString(output()) + Files.readString(data().resolve("logs/node-0.log"));
  }

  String url() {
    return "https://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  /** Where programs and Ignite's control tool reach the node. */
  int programs() {
    return programs;
  }

  WebCertificate certificate() {
    return certificate;
  }

  String key() throws IOException {
    return Files.readString(data().resolve("admin.key")).strip();
  }

  String storeUrl() {
    return store.url();
  }

  long pid() {
    return node.pid();
  }

  boolean isHealthy() throws IOException, InterruptedException {
    return start(image.healthCheck()).waitFor() == 0;
  }

  /** Runs a command of the distribution to its end. */
  Said pulsegrid(String... arguments) throws IOException, InterruptedException {
    return pulsegridWith(Map.of(), arguments);
  }

  /** The same with more in its environment. */
  Said pulsegridWith(Map<String, String> more, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/opt/pulsegrid/pulsegrid"));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(directory, "said", ".txt");
    ProcessBuilder builder = builder(command).redirectErrorStream(true);
    builder
        .environment()
        .put(
            "JAVA_TOOL_OPTIONS",
            "-Djavax.net.ssl.trustStore="
                + certificate.file()
                + " -Djavax.net.ssl.trustStorePassword="
                + WebCertificate.PASSWORD);
    builder.environment().putAll(more);
    Process process = builder.redirectOutput(output.toFile()).start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError(command + " does not end");
    }
    return new Said(process.exitValue(), Files.readString(output));
  }

  /** How a command ended and what it said. */
  record Said(int code, String text) {}

  @Override
  public void close() {
    node.destroy();
    try {
      if (!node.waitFor(1, TimeUnit.MINUTES)) {
        node.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      node.destroyForcibly();
    }
    store.close();
  }

  private Path output() {
    return directory.resolve("node.out");
  }

  private Process start(List<String> command) throws IOException {
    ProcessBuilder builder = builder(command).redirectErrorStream(true);
    return builder
        .redirectOutput(
            command.equals(image.entryPoint())
                ? ProcessBuilder.Redirect.to(output().toFile())
                : ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private ProcessBuilder builder(List<String> command) throws IOException {
    List<String> whole = new ArrayList<>();
    if (switchesUser()) {
      whole.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    }
    whole.addAll(Image.at(home.toString(), command));
    ProcessBuilder builder = new ProcessBuilder(whole).directory(data().toFile());
    Map<String, String> environment = builder.environment();
    environment.putAll(image.environment());
    environment.put("JAVA_HOME", directory.resolve("runtime").toString());
    environment.put("PULSEGRID_DATA", data().toString());
    environment.put("SERVER_ADDRESS", "127.0.0.1");
    environment.put("SERVER_PORT", String.valueOf(port));
    environment.putAll(certificate.settings());
    environment.put("PULSEGRID_STORE_URL", store.url());
    environment.put("PULSEGRID_GRID_REGIONMB", "128");
    environment.put("PULSEGRID_CLIENT_PORT", String.valueOf(programs));
    environment.put("PULSEGRID_GRID_DISCOVERYPORT", String.valueOf(discovery));
    environment.put("PULSEGRID_GRID_ADDRESSES", "127.0.0.1:" + discovery);
    environment.put("PULSEGRID_GRID_COMMUNICATIONPORT", String.valueOf(communication));
    // The image's user has a home; this one may have none, and libraries unpack there.
    environment.merge(
        "PULSEGRID_JAVA_OPTIONS",
        "-Xmx512m -Duser.home=" + data(),
        (given, ours) -> given + " " + ours);
    return builder;
  }

  private static Path unpack(Path directory) throws IOException, InterruptedException {
    run(0, "tar", "-xzf", archive().toString(), "-C", directory.toString(), "--no-same-owner");
    try (Stream<Path> found = Files.list(directory)) {
      return found
          .filter(path -> path.getFileName().toString().startsWith("pulsegrid-"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** This test's Java as a runtime that has no compiler beside it. */
  private void runtime() throws IOException {
    Path java = Path.of(System.getProperty("java.home"));
    Path bin = Files.createDirectories(directory.resolve("runtime/bin"));
    Files.createSymbolicLink(bin.resolve("java"), java.resolve("bin/java"));
    Files.createSymbolicLink(bin.resolve("keytool"), java.resolve("bin/keytool"));
    Files.copy(java.resolve("release"), bin.resolveSibling("release"));
    Files.setPosixFilePermissions(
        bin.resolveSibling("release"), PosixFilePermissions.fromString("rw-r--r--"));
  }

  private static boolean switchesUser() {
    return "root".equals(System.getProperty("user.name"))
        && Stream.of("/usr/bin/setpriv", "/bin/setpriv").anyMatch(it -> Files.exists(Path.of(it)));
  }

  private static void run(int expected, String... command)
      throws IOException, InterruptedException {
    int ended = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (ended != expected) {
      throw new AssertionError(List.of(command) + " ended with " + ended);
    }
  }

  /**
   * Below those that outgoing connections take, so that it is still free when the node wants it.
   */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(15_000, 30_000);
      try (var socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // Another.
      }
    }
  }
}
