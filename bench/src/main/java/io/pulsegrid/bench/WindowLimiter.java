package io.pulsegrid.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.config.PlatformSettings;
import io.pulsegrid.node.limits.GridPermits;
import io.pulsegrid.node.limits.LimitHistory;
import io.pulsegrid.node.limits.LimitRules;
import io.pulsegrid.node.limits.LimitScope;
import io.pulsegrid.node.limits.NearLimits;
import io.pulsegrid.node.limits.PermitNumbers;
import io.pulsegrid.node.limits.Permits;
import io.pulsegrid.node.limits.ScopeCache;
import io.pulsegrid.node.limits.Untold;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.ignite.Ignite;
import org.jspecify.annotations.Nullable;

/**
 * The sliding windows as publishing uses them: granted in batches, and what was granted before
 * settled on the way.
 */
final class WindowLimiter implements Limiter {
  private static final String PLATFORM = "bench";
  private static final Duration LEASE = Duration.ofSeconds(60);

  private final Permits permits;
  private List<Permits.Grant> given = List.of();
  private final Untold untold = new Untold();

  /** Windows over the grid's cache, all with this rule. For one thread. */
  WindowLimiter(Ignite ignite, int backups, WindowRule rule) {
    LimitHistory history = new Nothing();
    PlatformSettings settings =
        new PlatformSettings(
            Map.of(
                PLATFORM,
                new PlatformSettings.Platform(
                    Map.of("publish", List.of(rule)), 4, Duration.ofSeconds(30))));
    permits =
        new GridPermits(
            ScopeCache.open(ignite, backups, history),
            new LimitRules(() -> settings, new NobodysRules()),
            history,
            new PermitNumbers(ThreadLocalRandom.current()),
            new NearLimits(new SimpleMeterRegistry(), InstantSource.system()));
  }

  @Override
  public long take(List<String> channels, int each) {
    Instant now = Instant.now();
    given =
        permits.grantAll(
            channels.stream()
                .map(channel -> new Permits.Wanted(channel, PLATFORM, each, now.plus(LEASE)))
                .toList(),
            untold.take(channels, now),
            now);
    return given.stream().mapToLong(grant -> grant.permits().size()).sum();
  }

  @Override
  public void done() {
    Instant now = Instant.now();
    List<Permits.Ended> ended = new ArrayList<>();
    for (Permits.Grant grant : given) {
      // Calls of one channel end apart: those of one millisecond would be kept in less.
      Instant at = now;
      for (Permits.Permit permit : grant.permits()) {
        ended.add(new Permits.Ended(permit, Permits.Use.COUNTED, at, null));
        at = at.minusMillis(1);
      }
    }
    untold.add(ended, now);
  }

  @Override
  public void close() {
    permits.ended(untold.takeAll());
  }

  /** A store that nothing was ever kept in. */
  private static final class Nothing implements LimitHistory {
    @Override
    public Optional<Duration> begin(LimitScope scope) {
      return Optional.empty();
    }

    @Override
    public List<Instant> ends(LimitScope scope, String action, Duration reach) {
      return List.of();
    }

    @Override
    public Optional<LimitedScope.Block> block(LimitScope scope) {
      return Optional.empty();
    }

    @Override
    public void keep(LimitScope scope, LimitedScope.Block block) {
      throw new IllegalStateException("nothing is blocked here");
    }

    @Override
    public void forget(LimitScope scope) {
      throw new IllegalStateException("nothing is blocked here");
    }

    @Override
    public void keep(String id, String channelId, String action, Instant at) {
      throw new IllegalStateException("nothing is done outside here");
    }

    @Override
    public boolean uses(String platform) {
      return true;
    }
  }

  /** Nobody set any limit. */
  private static final class NobodysRules implements LimitRules.CustomRules {
    @Override
    public long version() {
      return 0;
    }

    @Override
    public void changed() {
      throw new IllegalStateException("nothing is changed here");
    }

    @Override
    public Map<String, Map<String, List<WindowRule>>> all() {
      return Map.of();
    }

    @Override
    public void set(String scope, String action, WindowRule rule) {
      throw new IllegalStateException("nothing is set here");
    }

    @Override
    public void remove(String scope, @Nullable String action, @Nullable Duration window) {
      throw new IllegalStateException("nothing is removed here");
    }
  }
}
