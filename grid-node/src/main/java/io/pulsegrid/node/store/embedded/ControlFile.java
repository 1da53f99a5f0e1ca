package io.pulsegrid.node.store.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code global/pg_control}, where a server writes down how it stands. */
record ControlFile(Path file) {
  /** Behind the system's identifier and two versions, in the machine's own order of bytes. */
  private static final int STATE_OFFSET = 16;

  /** What PostgreSQL calls DB_SHUTDOWNED: stopped in good order. */
  private static final int STOPPED = 1;

  static ControlFile of(Path directory) {
    return new ControlFile(directory.resolve("global/pg_control"));
  }

  /** Whether the last server was stopped in good order; one that died left another word. */
  boolean saysStopped() throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file))
            .order(ByteOrder.nativeOrder())
            .getInt(STATE_OFFSET)
        == STOPPED;
  }
}
