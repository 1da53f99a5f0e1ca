package io.pulsegrid.node.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A process of ours. Its lines are handed on as they come; its standard input stays open for as
 * long as the launcher lives, which is how it learns that the launcher is gone.
 */
final class Child {
  private final Process process;
  private final Thread pump;

  private Child(Process process, Thread pump) {
    this.process = process;
    this.pump = pump;
  }

  static Child start(
      String name, List<String> command, Map<String, String> environment, Consumer<String> lines)
      throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    Thread pump = Thread.ofVirtual().name(name + "-lines").start(() -> pump(process, lines));
    return new Child(process, pump);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  boolean endsWithin(long time, TimeUnit unit) throws InterruptedException {
    return process.waitFor(time, unit);
  }

  /** Waits for its end and its last line. */
  int awaitEnd() throws InterruptedException {
    int status = process.waitFor();
    // A grandchild may hold the pipe open; its lines are not worth waiting for.
    pump.join(java.time.Duration.ofSeconds(2));
    return status;
  }

  /** Says that the launcher stops all of its children, before any of them is asked to stop. */
  void tellThatAllStop() {
    try {
      var input = process.getOutputStream();
      input.write('\n');
      input.flush();
    } catch (IOException e) {
      // It has ended already.
    }
  }

  void askToStop() {
    // By its handle: destroy() of the process would close its output, and its last lines be lost.
    boolean _ = process.toHandle().destroy();
  }

  void kill() {
    boolean _ = process.toHandle().destroyForcibly();
  }

  private static void pump(Process process, Consumer<String> lines) {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.accept(line);
      }
    } catch (IOException e) {
      lines.accept("its output broke off: " + e.getMessage());
    }
  }
}
