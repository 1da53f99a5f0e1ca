package io.pulsegrid.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link LimitsNode} in a JVM of its own; closing it ends it. */
final class GridProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final Writer orders;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  private GridProcess(Process process) {
    this.process = process;
    this.orders = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
  }

  /** Starts one of a number of nodes and waits until it has joined those before it. */
  static GridProcess start(Path folder, int index, int nodes, int port)
      throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("pulsegrid.home", "..")).toAbsolutePath().normalize();
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + home.resolve("config/jvm.options"),
            // Memory that is touched for the first time costs its page, whoever's turn it is.
            "-Xms384m",
            "-Xmx384m",
            "-XX:+AlwaysPreTouch",
            "-DIGNITE_QUIET=true",
            "-cp",
            System.getProperty("java.class.path"),
            LimitsNode.class.getName(),
            folder.toString(),
            String.valueOf(index),
            String.valueOf(nodes),
            String.valueOf(port));
    GridProcess node =
        new GridProcess(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
    Thread.ofPlatform().daemon().name("grid-lines").start(node::read);
    String first = node.answer();
    if (!first.equals("ready")) {
      node.close();
      throw new IOException("the node should be ready, said " + first);
    }
    return node;
  }

  /** Gives an order; {@link #answer} waits for what comes of it. */
  void order(String line) throws IOException {
    orders.write(line + "\n");
    orders.flush();
  }

  String answer() throws IOException, InterruptedException {
    String line = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (line == null) {
      throw new IOException("a node of the grid says nothing");
    }
    return line;
  }

  @Override
  public void close() {
    boolean _ = process.toHandle().destroyForcibly();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(LimitsNode.SAID)) {
          said.add(line.substring(LimitsNode.SAID.length()));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // It ended; whoever waits for its answer finds out.
    }
  }
}
