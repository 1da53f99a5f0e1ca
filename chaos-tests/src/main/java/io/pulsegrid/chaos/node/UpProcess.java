package io.pulsegrid.chaos.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One run of {@code up} in a process of its own: the launcher, its nodes, its Postgres. */
final class UpProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(6);
  private static final Duration STOP = Duration.ofSeconds(90);

  private final Process launcher;
  private final Path data;
  private final boolean ownsData;
  private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<String> ready = new CompletableFuture<>();

  /**
   * What is started.
   *
   * @param prefix the program that runs the launcher elsewhere, such as {@code ip netns exec}
   */
  record Order(
      Path data,
      int port,
      List<String> arguments,
      Map<String, String> environment,
      List<String> prefix) {
    Order {
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
      prefix = List.copyOf(prefix);
    }

    /** One node on its own ports. */
    static Order of(Path data, Ports ports, List<String> arguments) {
      return new Order(data, ports.http(), arguments, ports.environment(), List.of());
    }
  }

  private UpProcess(Process launcher, Path data, boolean ownsData) {
    this.launcher = launcher;
    this.data = data;
    this.ownsData = ownsData;
  }

  /** Starts it; does not wait. */
  static UpProcess up(Order order) throws IOException {
    UpProcess process = start(order, true);
    Remains.remember(process.launcher.toHandle(), order.data());
    return process;
  }

  /** Starts {@code up} on a directory that another run holds; closing leaves that one alone. */
  static UpProcess inVain(Path data) throws IOException {
    return start(Order.of(data, Ports.free(), List.of()), false);
  }

  private static UpProcess start(Order order, boolean ownsData) throws IOException {
    List<String> command = new ArrayList<>(order.prefix());
    command.addAll(
        Launcher.command(
            "up", "--port", String.valueOf(order.port()), "--data", order.data().toString()));
    command.addAll(order.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(Home.path().toFile()).redirectErrorStream(true);
    // What the gate gives its nodes besides comes with our own environment.
    builder
        .environment()
        .merge("PULSEGRID_JAVA_OPTIONS", "-Xmx768m", (ours, heap) -> ours + " " + heap);
    builder.environment().putAll(order.environment());
    UpProcess process = new UpProcess(builder.start(), order.data(), ownsData);
    Thread.ofPlatform().daemon().name("launcher-lines").start(process::read);
    return process;
  }

  /** Waits for the launcher's {@code ready} line. */
  UpProcess awaitReady() throws InterruptedException {
    try {
      String _ = ready.get(START.toSeconds(), TimeUnit.SECONDS);
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

  /** Where the administrator's key stands. */
  Path adminKey() {
    return data.resolve("admin.key");
  }

  /** What it has printed. */
  List<String> output() {
    return List.copyOf(lines);
  }

  /** The JVM of the only node: the only java beneath the launcher. */
  Optional<ProcessHandle> onlyNode() {
    // A long command line would not be told whole.
    return launcher
        .descendants()
        .filter(it -> it.info().command().filter(path -> path.endsWith("/java")).isPresent())
        .findFirst();
  }

  /** {@code kill -9} of the node of this process id; the launcher starts it again. */
  void kill(long pid) throws InterruptedException {
    ProcessHandle victim =
        launcher
            .descendants()
            .filter(process -> process.pid() == pid)
            .findFirst()
            .orElseThrow(() -> new AssertionError(pid + " is no node of this launcher"));
    boolean _ = victim.destroyForcibly();
    try {
      ProcessHandle _ = victim.onExit().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("process " + pid + " does not end", e);
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
      Process _ = launcher.destroyForcibly();
    }
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
