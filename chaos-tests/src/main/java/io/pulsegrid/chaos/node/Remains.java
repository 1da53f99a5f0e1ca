package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Every launcher that was started and has not been swept up, and what was built for it on this
 * machine. What a failed run leaves behind ends with this JVM at the latest: the launcher, its
 * nodes, the Postgres of its directory, which lives in a session of its own; then disks and
 * networks.
 */
final class Remains {
  private static final Map<ProcessHandle, Path> LAUNCHERS = new ConcurrentHashMap<>();

  private static final Set<Runnable> BUILT = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  LAUNCHERS.forEach(Remains::sweep);
                  BUILT.forEach(Runnable::run);
                }));
  }

  private Remains() {}

  static void remember(ProcessHandle launcher, Path data) {
    LAUNCHERS.put(launcher, data);
  }

  /** Takes something down at the end, should nobody have done so before. */
  static void remember(Runnable takeDown) {
    BUILT.add(takeDown);
  }

  static void forget(Runnable takeDown) {
    BUILT.remove(takeDown);
  }

  /** Ends whatever of it still lives, by force. */
  static void sweep(ProcessHandle launcher, Path data) {
    List<ProcessHandle> nodes = launcher.descendants().toList();
    end(launcher);
    nodes.forEach(Remains::end);
    postgres(data).ifPresent(Remains::end);
    LAUNCHERS.remove(launcher);
  }

  /** The Postgres that serves a data directory, if it runs. */
  static Optional<ProcessHandle> postgres(Path data) {
    Path mark = data.resolve("postgres/postmaster.pid");
    try {
      if (!Files.exists(mark)) {
        return Optional.empty();
      }
      return ProcessHandle.of(Long.parseLong(Files.readAllLines(mark).getFirst().strip()))
          .filter(it -> it.info().command().filter(Remains::isPostgres).isPresent());
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean isPostgres(String command) {
    return command.endsWith("/postgres");
  }

  private static void end(ProcessHandle process) {
    process.destroyForcibly();
    try {
      process.onExit().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("process " + process.pid() + " does not end", e);
    }
  }
}
