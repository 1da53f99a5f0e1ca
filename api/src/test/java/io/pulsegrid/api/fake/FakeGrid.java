package io.pulsegrid.api.fake;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.grid.Drainage;
import io.pulsegrid.core.grid.Grid;
import io.pulsegrid.core.grid.Node;
import io.pulsegrid.core.grid.Verification;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A grid of one node in memory. */
public final class FakeGrid implements Grid, Verification, Drainage {
  private static final UUID ONLY = UUID.fromString("3f6c1f6e-6a5b-4f0e-9d43-0b6f9a4f1c11");

  @Override
  public List<Node> nodes() {
    return List.of(
        new Node(
            ONLY,
            4711,
            "http://127.0.0.1:8080",
            "pulsegrid",
            "ready",
            Instant.parse("2026-10-01T09:00:00Z"),
            1024,
            false));
  }

  @Override
  public Report run(boolean repair) {
    return new Report(
        !repair, 10, 10, 9, 8, 8, repair ? 1 : 0, repair ? 1 : 0, List.of("post x is missing"));
  }

  @Override
  public int drain(UUID node) {
    if (!node.equals(ONLY)) {
      throw PulsegridException.notFound("node", node.toString());
    }
    throw PulsegridException.of(FailureCode.CONFLICT, "this is the only node; stop it instead");
  }
}
