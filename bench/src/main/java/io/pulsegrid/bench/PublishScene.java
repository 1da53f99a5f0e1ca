package io.pulsegrid.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What all contenders share.
 *
 * @param data the directory of the PostgreSQL
 */
record PublishScene(StandIn platform, Path data) {
  /** The PostgreSQL's processes as they are just now. */
  List<ProcessHandle> postgres() throws IOException {
    Path mark = data.resolve("postgres/postmaster.pid");
    ProcessHandle server =
        ProcessHandle.of(Long.parseLong(Files.readAllLines(mark).getFirst().strip()))
            .orElseThrow(() -> new IOException("PostgreSQL does not run"));
    return Stream.concat(Stream.of(server), server.descendants()).toList();
  }
}
