package io.pulsegrid.node.access;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What was last known of tokens, by hash. An answer is fresh for three seconds; while the store
 * cannot be reached a caller who was known within the last two minutes still is, so that reading
 * outlives a short outage. Safe for use by many threads.
 */
public final class AuthenticationCache {
  /** How long an ended key may still be answered for on a node that reaches the store. */
  public static final Duration FRESH = Duration.ofSeconds(3);

  /** How long a caller is still known to a node that does not. */
  public static final Duration KEPT = Duration.ofMinutes(2);

  /** Strangers' tokens are remembered as well; this many entries at the most. */
  private static final int CAPACITY = 10_000;

  private record Known(Optional<Caller> caller, Instant at) {
    boolean within(Duration age, Instant now) {
      // A clock set back makes an entry old, never eternal.
      return !now.isBefore(at) && now.isBefore(at.plus(age));
    }
  }

  private final InstantSource clock;
  private final ConcurrentHashMap<ByteBuffer, Known> entries = new ConcurrentHashMap<>();

  public AuthenticationCache(InstantSource clock) {
    this.clock = clock;
  }

  /** The caller behind a hash, asked of {@code store} unless freshly known. */
  public Optional<Caller> find(byte[] hash, Function<byte[], Optional<Caller>> store) {
    ByteBuffer key = ByteBuffer.wrap(hash);
    Instant now = clock.instant();
    Known known = entries.get(key);
    if (known != null && known.within(FRESH, now)) {
      return known.caller();
    }
    try {
      Optional<Caller> caller = store.apply(hash);
      if (entries.size() >= CAPACITY) {
        entries.clear();
      }
      entries.put(key, new Known(caller, now));
      return caller;
    } catch (PulsegridException e) {
      if (e.code() == FailureCode.UNAVAILABLE
          && known != null
          && known.caller().isPresent()
          && known.within(KEPT, now)) {
        return known.caller();
      }
      throw e;
    }
  }

  /** Forgets a key at once, on this node. */
  public void forget(String keyId) {
    entries
        .values()
        .removeIf(known -> known.caller().filter(c -> c.keyId().equals(keyId)).isPresent());
  }
}
