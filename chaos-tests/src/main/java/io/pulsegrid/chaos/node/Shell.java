package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the machine that are run to their end. */
public final class Shell {
  private static final long PATIENCE_SECONDS = 60;

  private Shell() {}

  /**
   * Runs a program; returns what it said.
   *
   * @throws IOException with its words when it is missing, does not end or does not end well
   */
  public static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      Process _ = process.destroyForcibly();
      throw new IOException(String.join(" ", command) + " does not end");
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          "%s ended with %d: %s"
              .formatted(String.join(" ", command), process.exitValue(), said.strip()));
    }
    return said;
  }

  /** Whether a program can be run here and ends well. */
  public static boolean succeeds(String... command) throws InterruptedException {
    try {
      String _ = run(command);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Sends a signal, such as {@code STOP}, to processes that may be gone. */
  public static void signal(String signal, List<Long> pids) throws InterruptedException {
    for (long pid : pids) {
      boolean _ = succeeds("kill", "-" + signal, String.valueOf(pid));
    }
  }
}
