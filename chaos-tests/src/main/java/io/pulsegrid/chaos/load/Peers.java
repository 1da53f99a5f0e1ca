package io.pulsegrid.chaos.load;

import io.pulsegrid.chaos.node.Answer;
import io.pulsegrid.chaos.node.Grid;
import io.pulsegrid.chaos.node.Rest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A client as a careful one is: where a node refuses or does not answer, it asks the next, and goes
 * on for as long as its user wants. What it sends is safe to repeat.
 */
final class Peers {
  private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(250);
  private static final int NOT_NOW = 503;
  private static final int IN_FLIGHT = 409;
  private static final int TOO_FAST = 429;

  private final Grid grid;
  private final Deeds deeds;

  Peers(Grid grid, Deeds deeds) {
    this.grid = grid;
    this.deeds = deeds;
  }

  /** One call of a node. */
  interface Call {
    Answer to(Rest node) throws IOException, InterruptedException;
  }

  int size() {
    return grid.size();
  }

  /**
   * Asks node after node until one answers with success; empty when the user gave up.
   *
   * @param first who is asked first
   * @param patience for the answer of one node
   * @param wanted whether the user still wants it
   */
  Optional<Answer> ask(
      Deed.Kind kind, int first, Duration patience, BooleanSupplier wanted, Call call)
      throws InterruptedException {
    Instant began = Instant.now();
    long start = System.nanoTime();
    List<String> refusals = new ArrayList<>();
    Answer answer = null;
    for (int turn = 0; answer == null && (turn < grid.size() || wanted.getAsBoolean()); turn++) {
      if (turn > 0 && turn % grid.size() == 0) {
        Thread.sleep(BETWEEN_ROUNDS);
      }
      int node = (first + turn) % grid.size();
      try {
        Answer given = call.to(grid.rest(node).waiting(patience));
        if (given.status() / 100 == 2) {
          answer = given;
        } else {
          refusals.add("node " + node + ": " + refusal(given));
        }
      } catch (IOException e) {
        refusals.add("node " + node + ": " + e.getClass().getSimpleName());
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    deeds.add(new Deed(kind, began, took, refusals, answer != null));
    return Optional.ofNullable(answer);
  }

  private String refusal(Answer answer) {
    String code = answer.status() + " " + answer.text("code");
    // These three ask the caller to come back; nothing else fits a right request on a sick grid.
    if (answer.status() != NOT_NOW && answer.status() != IN_FLIGHT && answer.status() != TOO_FAST) {
      deeds.surprise(code + ": " + answer.body());
    }
    return code.strip();
  }
}
