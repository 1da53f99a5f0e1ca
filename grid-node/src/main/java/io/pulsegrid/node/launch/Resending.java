package io.pulsegrid.node.launch;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Sending posts again as long as a node asks to come back later, or while one that broke off is
 * being started again: what came in already changes nothing.
 */
final class Resending {
  /** How long it waits in all for a node that has too much to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Between two looks for a node that was there before. */
  private static final Duration STARTING = Duration.ofSeconds(5);

  private Resending() {}

  /** A call that may be made again. */
  @FunctionalInterface
  interface Call {
    JsonNode send() throws InterruptedException, IOException;
  }

  /** Is told why, and how long is waited. */
  @FunctionalInterface
  interface Waiting {
    void told(String why, Duration wait);
  }

  /**
   * The answer that it comes to.
   *
   * @throws PulsegridException what the node says when waiting does not help
   */
  static JsonNode untilTaken(Call call, Waiting waiting) throws InterruptedException, IOException {
    Duration waited = Duration.ZERO;
    while (true) {
      try {
        return call.send();
      } catch (PulsegridException refusal) {
        Duration wait = refusal.retryAfter().orElse(waited.isZero() ? Duration.ZERO : STARTING);
        waited = waited.plus(wait);
        boolean temporary = refusal.code() == FailureCode.UNAVAILABLE && wait.isPositive();
        if (!temporary || waited.compareTo(PATIENCE) > 0) {
          throw refusal;
        }
        waiting.told(String.valueOf(refusal.getMessage()), wait);
        TimeUnit.MILLISECONDS.sleep(wait.toMillis());
      }
    }
  }
}
