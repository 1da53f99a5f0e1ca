package io.pulsegrid.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A running {@code pulsegrid up}; closing it stops its nodes, and its Postgres where it has one.
 */
final class Launched implements AutoCloseable {
  private static final Duration TO_STOP = Duration.ofSeconds(60);

  private final Process process;

  private Launched(Process process) {
    this.process = process;
  }

  /** Starts nodes and waits until all are ready. */
  static Launched up(int nodes, int port, Path data) throws IOException {
    return up(nodes, port, data, null);
  }

  /**
   * The same with settings of the nodes' own.
   *
   * @param settings null for none
   */
  static Launched up(int nodes, int port, Path data, @Nullable Path settings) throws IOException {
    Path home = Path.of(System.getProperty("pulsegrid.home", ".")).toAbsolutePath().normalize();
    Path target = home.resolve("grid-node/target");
    String built = target.resolve("*") + File.pathSeparator + target.resolve("lib/*");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dpulsegrid.home=" + home,
                "-cp",
                System.getProperty("pulsegrid.node.class-path", built),
                "io.pulsegrid.node.launch.Main",
                "up"));
    command.addAll(List.of("--nodes", String.valueOf(nodes), "--port", String.valueOf(port)));
    command.addAll(List.of("--data", data.toString()));
    if (settings != null) {
      command.addAll(List.of("--config", settings.toString()));
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    // The launcher would outlast a bench that somebody stops.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "nodes-stop"));
    try {
      awaitReady(process);
      return new Launched(process);
    } catch (IOException | RuntimeException e) {
      process.destroy();
      throw e;
    }
  }

  /** The JVMs beneath the launcher. */
  List<ProcessHandle> nodes() {
    return process
        .descendants()
        .filter(it -> it.info().command().filter(path -> path.endsWith("/java")).isPresent())
        .toList();
  }

  private static void awaitReady(Process process) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    List<String> said = new ArrayList<>();
    String line = lines.readLine();
    while (line != null && !line.startsWith("ready ")) {
      said.add(line);
      line = lines.readLine();
    }
    if (line == null) {
      throw new IOException("the nodes did not start: " + String.join("\n", said));
    }
    // Read on, so that the launcher never waits for us.
    Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
  }

  @Override
  public void close() {
    boolean _ = process.toHandle().destroy();
    try {
      if (!process.waitFor(TO_STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
