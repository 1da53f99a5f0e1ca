package io.pulsegrid.api.access;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What each key may still ask of this node: a bucket a key, full at first, filled evenly. The
 * buckets of {@link #MOST_KEYS} keys are held; a key not heard of for longest starts full again.
 * Safe for many threads.
 */
final class KeyRates {
  static final Duration WINDOW = Duration.ofMinutes(1);
  static final int MOST_KEYS = 10_000;

  private final int perWindow;
  private final TimeMeter time;

  // Guarded by itself; the order is that of use.
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MOST_KEYS;
        }
      };

  /**
   * @param perWindow how much a key may ask for in a {@link #WINDOW}
   */
  KeyRates(int perWindow, InstantSource clock) {
    this.perWindow = perWindow;
    this.time = new Nanoseconds(clock);
  }

  int perWindow() {
    return perWindow;
  }

  /** Why a key that asks too fast is refused, and when it may come back. */
  String refusal(long waitSeconds) {
    return "this key may make "
        + perWindow
        + " requests a minute at this node; come back in "
        + waitSeconds
        + " s";
  }

  /** Rounded up, and never at once: whoever comes back then is not too early. */
  static long waitSeconds(ConsumptionProbe refused) {
    return Math.max(1, seconds(refused.getNanosToWaitForRefill()));
  }

  static long seconds(long nanos) {
    return Duration.ofNanos(nanos).plus(Duration.ofSeconds(1).minusNanos(1)).toSeconds();
  }

  /** Takes what a request costs from its key's bucket, if so much is in it. */
  ConsumptionProbe take(String keyId, int cost) {
    return bucket(keyId).tryConsumeAndReturnRemaining(Math.min(cost, perWindow));
  }

  private Bucket bucket(String keyId) {
    synchronized (buckets) {
      return buckets.computeIfAbsent(keyId, _ -> full());
    }
  }

  private Bucket full() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perWindow).refillGreedy(perWindow, WINDOW))
        .withCustomTimePrecision(time)
        .build();
  }

  private record Nanoseconds(InstantSource clock) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return Duration.between(Instant.EPOCH, clock.instant()).toNanos();
    }

    @Override
    public boolean isWallClockBased() {
      return true;
    }
  }
}
