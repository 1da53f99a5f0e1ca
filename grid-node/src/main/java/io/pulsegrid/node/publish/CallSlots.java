package io.pulsegrid.node.publish;

import io.pulsegrid.node.config.PlatformSettings;
import io.pulsegrid.node.config.PlatformSettings.Platform;
import io.pulsegrid.node.store.ledger.CallTimes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How many calls to each host may be under way from this node: the bulkhead. A host takes as many
 * as its platform's limit says, which is asked anew each time: lowering it lets running calls end
 * and starts no other.
 */
final class CallSlots {
  private static final int DEFAULT_CONCURRENCY = 4;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

  private final Supplier<PlatformSettings> settings;
  private final LongSupplier monotonicNanos;

  /** What a person said, by platform. */
  private volatile Map<String, Integer> changed = Map.of();

  private final HostShares taken = new HostShares();

  CallSlots(Supplier<PlatformSettings> settings, LongSupplier monotonicNanos) {
    this.settings = settings;
    this.monotonicNanos = monotonicNanos;
  }

  /** Takes up to {@code wanted} slots of a host; answers how many. */
  int take(String platform, String host, int wanted) {
    return taken.take(host, wanted, limit(platform));
  }

  /** How many calls at once. */
  int limit(String platform) {
    @Nullable Integer said = changed.get(platform);
    return said == null ? configured(platform) : said;
  }

  /** How many calls at once where nobody said anything else. */
  int configured(String platform) {
    return settings.get().platform(platform).map(Platform::concurrency).orElse(DEFAULT_CONCURRENCY);
  }

  /** What people say instead, by platform, from now on. */
  void change(Map<String, Integer> concurrency) {
    changed = Map.copyOf(concurrency);
  }

  /** Gives slots back to the host that they were taken of. */
  synchronized void giveBack(String host, int count) {
    taken.giveBack(host, count);
    notifyAll();
  }

  /** Waits until no slot is taken, at most {@code patience}; answers how many still are. */
  synchronized int awaitNone(Duration patience) throws InterruptedException {
    long end = monotonicNanos.getAsLong() + patience.toNanos();
    while (taken.inAll() > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - monotonicNanos.getAsLong());
      if (left <= 0) {
        return taken.inAll();
      }
      wait(left);
    }
    return 0;
  }

  /** How long a call to the platform may take. */
  Duration timeout(String platform) {
    return settings.get().platform(platform).map(Platform::timeout).orElse(DEFAULT_TIMEOUT);
  }

  /** The same of each. */
  CallTimes timeouts() {
    return new CallTimes(
        settings.get().platforms().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().timeout())),
        DEFAULT_TIMEOUT);
  }

  /** How long any call may take. */
  Duration longestTimeout() {
    Duration longest = DEFAULT_TIMEOUT;
    for (Platform platform : settings.get().platforms().values()) {
      if (platform.timeout().compareTo(longest) > 0) {
        longest = platform.timeout();
      }
    }
    return longest;
  }
}
