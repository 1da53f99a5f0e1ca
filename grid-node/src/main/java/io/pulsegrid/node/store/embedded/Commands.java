package io.pulsegrid.node.store.embedded;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the programs of PostgreSQL, which refuse to run as root: then they run in a user namespace
 * where root has no name, with the files staying root's outside.
 *
 * @param programs the folder that they are in
 */
public record Commands(Path programs, List<String> prefix, Path workingDirectory) {
  /**
   * Finds out how they run here.
   *
   * @throws PulsegridException {@code UNAVAILABLE} when they do not: as root, where no user
   *     namespace is permitted
   */
  public static Commands of(Path programs, Path workingDirectory) {
    if (!"root".equals(System.getProperty("user.name"))) {
      return new Commands(programs, List.of(), workingDirectory);
    }
    var unshare = List.of("unshare", "-U");
    var attempt = new ArrayList<>(unshare);
    attempt.add("true");
    if (!succeeds(attempt)) {
      throw PulsegridException.of(
          FailureCode.UNAVAILABLE,
          "the embedded PostgreSQL does not run as root here (unshare -U is not permitted): start as"
              + " another user, or give a PostgreSQL by pulsegrid.store.url");
    }
    return new Commands(programs, unshare, workingDirectory);
  }

  /**
   * Runs a program to its end.
   *
   * @throws PulsegridException {@code UNAVAILABLE} with what it said when it fails
   */
  public void run(String program, List<String> arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(prefix);
    command.add(programs.resolve(program).toString());
    command.addAll(arguments);
    var builder =
        new ProcessBuilder(command)
            .directory(workingDirectory.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    // What a person set for their own client must not reach this server.
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw PulsegridException.of(
          FailureCode.UNAVAILABLE,
          "the embedded PostgreSQL: " + program + " ended with " + status + ": " + output.strip());
    }
  }

  private static boolean succeeds(List<String> command) {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
