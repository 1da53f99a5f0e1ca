package io.pulsegrid.chaos.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One run of {@code up} in a process of its own: the launcher, its node, its Postgres. */
final class NodeProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(6);
  private static final Duration STOP = Duration.ofSeconds(90);

  private final Process launcher;
  private final Path data;
  private final boolean ownsData;
  private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<String> ready = new CompletableFuture<>();

  private NodeProcess(Process launcher, Path data, boolean ownsData) {
    this.launcher = launcher;
    this.data = data;
    this.ownsData = ownsData;
  }

  /** Starts {@code up} with these arguments; does not wait. */
  static NodeProcess up(Path data, Ports ports, List<String> arguments) throws IOException {
    NodeProcess process = start(data, ports, arguments, true);
    Remains.remember(process.launcher.toHandle(), data);
    return process;
  }

  /** Starts {@code up} on a directory that another run holds; closing leaves that one alone. */
  static NodeProcess inVain(Path data) throws IOException {
    return start(data, Ports.free(), List.of(), false);
  }

  private static NodeProcess start(Path data, Ports ports, List<String> arguments, boolean ownsData)
      throws IOException {
    Path home = home();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Dpulsegrid.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                "io.pulsegrid.node.launch.Main",
                "up",
                "--port",
                String.valueOf(ports.http()),
                "--data",
                data.toString()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
    builder.environment().put("PULSEGRID_JAVA_OPTIONS", "-Xmx768m");
    builder.environment().putAll(ports.environment());
    NodeProcess process = new NodeProcess(builder.start(), data, ownsData);
    Thread.ofPlatform().daemon().name("launcher-lines").start(process::read);
    return process;
  }

  /** Waits for the launcher's {@code ready} line. */
  NodeProcess awaitReady() throws InterruptedException {
    try {
      ready.get(START.toSeconds(), TimeUnit.SECONDS);
      return this;
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("not ready; it said:\n" + said() + tailOfLog(), e);
    }
  }

  /** Waits for its end by itself; returns its exit code. */
  int awaitEnd() throws InterruptedException {
    if (!launcher.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("still running; it said:\n" + said());
    }
    return launcher.exitValue();
  }

  /** What it has printed. */
  List<String> output() {
    return List.copyOf(lines);
  }

  /** The node's own JVM. */
  Optional<ProcessHandle> node() {
    return launcher.descendants().filter(NodeProcess::isNode).findFirst();
  }

  /** {@code kill -9} of the node; the launcher starts it again. */
  void killNode() throws InterruptedException {
    ProcessHandle victim = node().orElseThrow(() -> new AssertionError("no node is running"));
    victim.destroyForcibly();
    try {
      victim.onExit().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("process " + victim.pid() + " does not end", e);
    }
  }

  /** Ctrl-C; returns the exit code. */
  int stop() throws InterruptedException {
    launcher.destroy();
    return awaitEnd();
  }

  @Override
  public void close() {
    if (ownsData) {
      Remains.sweep(launcher.toHandle(), data);
    } else {
      launcher.destroyForcibly();
    }
  }

  /** The project's root, where {@code config/jvm.options} stands. */
  static Path home() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("config/jvm.options"))) {
        return at;
      }
    }
    throw new IllegalStateException("config/jvm.options is nowhere above this directory");
  }

  private static boolean isNode(ProcessHandle process) {
    // The only java beneath the launcher; a long command line would not be told whole.
    return process.info().command().filter(path -> path.endsWith("/java")).isPresent();
  }

  private void read() {
    try (BufferedReader reader = launcher.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        if (line.startsWith("ready http")) {
          ready.complete(line);
        }
      }
      ready.completeExceptionally(new IOException("the launcher ended"));
    } catch (IOException | UncheckedIOException e) {
      ready.completeExceptionally(e);
    }
  }

  private String said() {
    return String.join("\n", lines);
  }

  private String tailOfLog() {
    Path log = data.resolve("logs/node-0.log");
    try {
      List<String> all = Files.exists(log) ? Files.readAllLines(log) : List.of();
      return "\n" + String.join("\n", all.subList(Math.max(0, all.size() - 40), all.size()));
    } catch (IOException e) {
      return "\n(no log: " + e.getMessage() + ")";
    }
  }
}
