package io.pulsegrid.node.access;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * What was last known of tokens, by hash. An answer is fresh for three seconds, then the store is
 * asked again, once for all who wait. While it does not answer, a caller who was known within the
 * last two minutes still is, so that reading outlives a short outage; it does not wait for one to
 * be noticed either. A stranger waits for the store's word. Safe for use by many threads.
 */
public final class AuthenticationCache {
  /** How long an ended key may still be answered for on a node that reaches the store. */
  public static final Duration FRESH = Duration.ofSeconds(3);

  /** How long a caller is still known to a node that does not. */
  public static final Duration KEPT = Duration.ofMinutes(2);

  /** How long a caller who was known lately waits for the store to say so again. */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** Strangers' tokens are remembered as well; this many entries at the most. */
  private static final int CAPACITY = 10_000;

  private record Known(Optional<Caller> caller, Instant at) {
    boolean within(Duration age, Instant now) {
      // A clock set back makes an entry old, never eternal.
      return !now.isBefore(at) && now.isBefore(at.plus(age));
    }
  }

  private final InstantSource clock;
  private final Executor asking;
  private final ConcurrentHashMap<ByteBuffer, Known> entries = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<ByteBuffer, FutureTask<Optional<Caller>>> asked =
      new ConcurrentHashMap<>();

  /**
   * A cache that knows nobody.
   *
   * @param asking runs each question to the store, on a thread that may wait
   */
  public AuthenticationCache(InstantSource clock, Executor asking) {
    this.clock = clock;
    this.asking = asking;
  }

  /** The caller behind a hash, asked of {@code store} unless freshly known. */
  public Optional<Caller> find(byte[] hash, Function<byte[], Optional<Caller>> store) {
    Instant now = clock.instant();
    Known known = entries.get(ByteBuffer.wrap(hash));
    if (known != null && known.within(FRESH, now)) {
      return known.caller();
    }
    Optional<Caller> lately =
        known != null && known.within(KEPT, now) ? known.caller() : Optional.empty();
    return answer(question(hash, store, now), lately);
  }

  /** Forgets a key at once, on this node. */
  public void forget(String keyId) {
    entries
        .values()
        .removeIf(known -> known.caller().filter(c -> c.keyId().equals(keyId)).isPresent());
  }

  /** The question that is under way, or a new one. */
  private FutureTask<Optional<Caller>> question(
      byte[] hash, Function<byte[], Optional<Caller>> store, Instant now) {
    ByteBuffer key = ByteBuffer.wrap(hash);
    var mine =
        new FutureTask<>(
            () -> {
              try {
                Optional<Caller> caller = store.apply(hash);
                if (entries.size() >= CAPACITY) {
                  entries.clear();
                }
                entries.put(key, new Known(caller, now));
                return caller;
              } finally {
                asked.remove(key);
              }
            });
    FutureTask<Optional<Caller>> other = asked.putIfAbsent(key, mine);
    if (other != null) {
      return other;
    }
    try {
      asking.execute(mine);
    } catch (RejectedExecutionException e) {
      // This node stops: whoever waits for it is told so.
      asked.remove(key);
      boolean _ = mine.cancel(false);
    }
    return mine;
  }

  /** What the store says; who was known lately, if anybody, where it does not answer. */
  private static Optional<Caller> answer(
      FutureTask<Optional<Caller>> question, Optional<Caller> lately) {
    try {
      return lately.isEmpty()
          ? question.get()
          : question.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return lately;
    } catch (ExecutionException e) {
      if (lately.isPresent()
          && e.getCause() instanceof PulsegridException away
          && away.code() == FailureCode.UNAVAILABLE) {
        return lately;
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a key could not be looked up", e.getCause());
    } catch (CancellationException e) {
      throw PulsegridException.unavailable("this node stops", AGAIN, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PulsegridException.unavailable("interrupted while a key was looked up", AGAIN, e);
    }
  }
}
