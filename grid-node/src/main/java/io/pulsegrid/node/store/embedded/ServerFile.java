package io.pulsegrid.node.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** {@code postmaster.pid}, the mark that a running server leaves in its directory. */
record ServerFile(Path file) {
  static ServerFile of(Path directory) {
    return new ServerFile(directory.resolve("postmaster.pid"));
  }

  /**
   * The pid of a PostgreSQL that is alive and claims the directory; a program of another kind that
   * got the number since is none.
   */
  OptionalLong livingServer() throws IOException {
    if (!Files.exists(file)) {
      return OptionalLong.empty();
    }
    var lines = Files.readAllLines(file);
    try {
      long pid = Long.parseLong(lines.isEmpty() ? "" : lines.getFirst().strip());
      boolean alive =
          ProcessHandle.of(pid)
              .filter(ProcessHandle::isAlive)
              .flatMap(process -> process.info().command())
              .filter(command -> Path.of(command).endsWith("postgres"))
              .isPresent();
      return alive ? OptionalLong.of(pid) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * Takes the mark away when another program has got its number since, as happens to the pids of a
   * restarted container. A mark whose process is gone is left: the server then checks by itself
   * that no backend of its predecessor still lives.
   */
  void forgetStranger() throws IOException {
    if (!Files.exists(file) || livingServer().isPresent()) {
      return;
    }
    var lines = Files.readAllLines(file);
    String pid = lines.isEmpty() ? "" : lines.getFirst().strip();
    if (pid.matches("[0-9]{1,9}") && ProcessHandle.of(Long.parseLong(pid)).isPresent()) {
      Files.delete(file);
    }
  }
}
