package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.node.Answer;
import io.pulsegrid.chaos.node.Grid;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Asks the nodes in turn whether {@code verify} is clean. */
final class Verifying {
  private static final Duration ASKING = Duration.ofSeconds(30);
  private static final Duration BETWEEN = Duration.ofSeconds(1);
  private static final int LONGEST_NOTE = 300;

  private final Grid grid;
  private int turns;
  private String last = "";

  Verifying(Grid grid) {
    this.grid = grid;
  }

  /** Asks the next node. */
  boolean isClean() throws InterruptedException {
    try {
      Answer answer = grid.rest(turns++ % grid.size()).waiting(ASKING).post("/verify", "");
      last = answer.body().toString();
      return answer.status() == 200 && answer.body().path("clean").asBoolean(false);
    } catch (IOException e) {
      last = e.toString();
      return false;
    }
  }

  /** Asks until it is; whether it was before {@code giveUp}. */
  boolean awaitClean(Instant giveUp) throws InterruptedException {
    while (!isClean()) {
      if (!Instant.now().isBefore(giveUp)) {
        return false;
      }
      Thread.sleep(BETWEEN);
    }
    return true;
  }

  /** What was answered last. */
  String said() {
    return last.length() <= LONGEST_NOTE ? last : last.substring(0, LONGEST_NOTE) + " ...";
  }
}
