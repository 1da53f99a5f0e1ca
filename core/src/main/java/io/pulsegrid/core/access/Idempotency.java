package io.pulsegrid.core.access;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The memory behind {@code Idempotency-Key}: 24 hours, per workspace. The key, what was created and
 * the answer commit in one transaction, so that a crash leaves all of them or none.
 */
public interface Idempotency {
  /**
   * An answer as it was, and will be again.
   *
   * @param headers only those that a replay must repeat, such as Location and ETag
   */
  record Answer(int status, Map<String, String> headers, String body) {
    public Answer {
      headers = Map.copyOf(headers);
    }
  }

  /**
   * Runs {@code create} in a transaction, unless the key was used before: then its answer again.
   *
   * @param key the caller's key, 1-255 characters
   * @param requestHash a digest of method, path and body
   * @throws io.pulsegrid.core.failure.PulsegridException {@code IDEMPOTENCY_KEY_REUSED} for another
   *     request under the same key, {@code IN_FLIGHT} while the first is still running
   */
  Answer once(Caller caller, String key, byte[] requestHash, Supplier<Answer> create);

  /**
   * The answer that a key has by now, for what must be asked before {@link #once} and need not be
   * asked again.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code IDEMPOTENCY_KEY_REUSED}
   */
  Optional<Answer> find(Caller caller, String key, byte[] requestHash);
}
