package io.pulsegrid.chaos.control;

import io.pulsegrid.chaos.node.Home;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link BareNode} in a JVM of its own. Closing kills it. */
final class BareProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 90;
  private static final String SAID = "> ";

  private final Process process;
  private final Writer orders;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  private BareProcess(Process process) {
    this.process = process;
    this.orders = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
  }

  /**
   * Starts one and waits until it has joined.
   *
   * @param work where Ignite may leave files
   * @param prefix what runs it elsewhere, such as {@code ip netns exec}
   */
  static BareProcess start(Path work, List<String> prefix, String storeUrl, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "@" + Home.path().resolve("config/jvm.options"),
            "-Xmx256m",
            "-DIGNITE_QUIET=true",
            "-Dcontrol.url=" + storeUrl,
            "-Dcontrol.work=" + work.toAbsolutePath(),
            "-cp",
            System.getProperty("java.class.path"),
            BareNode.class.getName()));
    command.addAll(arguments);
    Process started =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BareProcess node = new BareProcess(started);
    Thread.ofPlatform().daemon().name("bare-lines").start(node::read);
    node.expect("ready");
    return node;
  }

  /** Gives an order; returns its answer without the first word. */
  String order(String order, String answer) throws IOException, InterruptedException {
    orders.write(order + "\n");
    orders.flush();
    return expect(answer);
  }

  void kill() throws InterruptedException {
    int _ = process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String expect(String word) throws IOException, InterruptedException {
    String line = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (line == null || !line.startsWith(word)) {
      throw new IOException("the bare node should say " + word + ", said " + line);
    }
    return line.substring(word.length()).strip();
  }

  private void read() {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith(SAID)) {
          said.add(line.substring(SAID.length()));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // It was killed; whoever waits for its word finds out.
    }
  }
}
