package io.pulsegrid.client;

import java.time.Duration;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.ignite.client.ClientAuthenticationException;
import org.apache.ignite.client.ClientAuthorizationException;
import org.apache.ignite.client.ClientConnectionException;
import org.apache.ignite.client.ClientException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.type.TypeReference;

/**
 * Makes calls, each again until it is answered or the patience is over. That is safe for all of
 * them: reading and importing change nothing the second time, and whatever else is written carries
 * an idempotency key, by which the grid answers a repetition as it did the first time.
 */
final class Calling {
  private static final Logger log = LoggerFactory.getLogger(Calling.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Door door;
  private final String key;
  private final Duration patience;
  private final Surroundings surroundings;

  /** What comes from outside: time, waiting, chance. */
  record Surroundings(LongSupplier nanoTime, Pause pause, Supplier<String> ids) {
    static Surroundings real() {
      return new Surroundings(System::nanoTime, Thread::sleep, () -> UUID.randomUUID().toString());
    }
  }

  /** How waiting is done. */
  @FunctionalInterface
  interface Pause {
    void of(Duration length) throws InterruptedException;
  }

  Calling(Door door, String key, Duration patience, Surroundings surroundings) {
    this.door = door;
    this.key = key;
    this.patience = patience;
    this.surroundings = surroundings;
  }

  /** A fresh idempotency key. */
  String once() {
    return surroundings.ids().get();
  }

  /** Waits; an interrupt ends the call that waits. */
  void pause(Duration length) {
    try {
      surroundings.pause().of(length);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw PulsegridException.of(
          PulsegridException.UNAVAILABLE, 503, "interrupted while waiting for the grid", stopping);
    }
  }

  /** How long one attempt of a call waits for its answer. */
  Duration attempt() {
    return Line.longest(patience);
  }

  long nanoTime() {
    return surroundings.nanoTime().getAsLong();
  }

  /** Changes something, and answers what came of it. */
  <T> T write(String operation, Object asked, String once, Class<T> answer) {
    return Envelope.JSON.readValue(
        ask(operation, Envelope.JSON.writeValueAsBytes(asked), once), answer);
  }

  /** The same under a key of its own. */
  <T> T write(String operation, Object asked, Class<T> answer) {
    return write(operation, asked, once(), answer);
  }

  /** The same where nothing is told of it. */
  void write(String operation, Object asked) {
    byte[] _ = ask(operation, Envelope.JSON.writeValueAsBytes(asked), once());
  }

  /** Reads something. */
  <T> T read(String operation, Object asked, Class<T> answer) {
    return Envelope.JSON.readValue(
        ask(operation, Envelope.JSON.writeValueAsBytes(asked), null), answer);
  }

  /** The same of a type that has parameters. */
  <T> T read(String operation, Object asked, TypeReference<T> answer) {
    return Envelope.JSON.readValue(
        ask(operation, Envelope.JSON.writeValueAsBytes(asked), null), answer);
  }

  /**
   * Asks and answers the body.
   *
   * @param once the idempotency key of what is written; null for what changes nothing
   * @throws PulsegridException what the grid said the last time, or that it cannot be reached
   */
  byte[] ask(String operation, byte[] body, @Nullable String once) {
    byte[] message = Envelope.request(key, operation, once, body);
    long end = nanoTime() + patience.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return Envelope.answer(said(message));
      } catch (PulsegridException failed) {
        Duration wait = failed.retryAfter().orElse(pause);
        if (!failed.mayPass() || nanoTime() + wait.toNanos() > end) {
          throw failed;
        }
        log.debug("{} is tried again in {}: {}", operation, wait, failed.getMessage());
        pause(wait);
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
      }
    }
  }

  private byte[] said(byte[] message) {
    try {
      return door.call(message);
    } catch (ClientException failed) {
      throw told(failed);
    }
  }

  /** What Ignite's own failures are in our words. */
  static PulsegridException told(ClientException failed) {
    String said = String.valueOf(failed.getMessage());
    return switch (failed) {
      case ClientAuthenticationException _ ->
          PulsegridException.of("unauthenticated", 401, "this key is not known", failed);
      case ClientAuthorizationException _ ->
          PulsegridException.of("forbidden", 403, "this key may not call the grid", failed);
      case ClientConnectionException lost when isOfTheKey(lost) ->
          PulsegridException.of("unauthenticated", 401, "this key is not known", failed);
      case ClientConnectionException _ ->
          PulsegridException.of(
              PulsegridException.UNAVAILABLE, 503, "no node can be reached: " + said, failed);
      // One that has just begun to listen has no services yet.
      case ClientException _ when said.contains("Service not found") ->
          PulsegridException.of(
              PulsegridException.UNAVAILABLE, 503, "the node is still starting", failed);
      default -> PulsegridException.of("internal", 500, said, failed);
    };
  }

  /** A connection that is opened again after the key was deleted. */
  private static boolean isOfTheKey(Throwable failed) {
    for (Throwable at = failed; at != null; at = at.getCause()) {
      if (at instanceof ClientAuthenticationException) {
        return true;
      }
    }
    return false;
  }
}
