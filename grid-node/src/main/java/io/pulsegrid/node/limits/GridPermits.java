package io.pulsegrid.node.limits;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.grid.wire.ScopeChange;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Permits from the windows in the grid. */
public final class GridPermits implements Permits {
  static final String PUBLISH = "publish";

  /**
   * How far the times of two nodes may be apart: a permit given by one node counts this much longer
   * than the node that settled it said.
   */
  static final Duration CLOCK_MARGIN = Duration.ofMillis(250);

  /** How far ahead a platform's reset is believed where no window is known. */
  private static final Duration LONGEST_TOLD = Duration.ofDays(1);

  private static final Logger log = LoggerFactory.getLogger(GridPermits.class);

  private final ScopeCache scopes;
  private final LimitRules rules;
  private final LimitHistory history;
  private final LongSupplier numbers;

  /**
   * Permits under these rules.
   *
   * @param numbers random: two permits of a scope must never be given the same
   */
  public GridPermits(
      ScopeCache scopes, LimitRules rules, LimitHistory history, LongSupplier numbers) {
    this.scopes = scopes;
    this.rules = rules;
    this.history = history;
    this.numbers = numbers;
  }

  @Override
  public Grant grant(String channelId, String platform, int wanted, Instant now, Instant leaseEnd) {
    LimitScope channel = new LimitScope.OfChannel(channelId);
    List<WindowRule> own = publishing(rules.ofAccount(platform));
    List<WindowRule> shared = publishing(rules.ofApp(platform));
    // The channel first: a full one asks nothing of the app, which all channels wait in line for.
    Asked asked =
        new Asked(
            LongStream.generate(numbers).limit(wanted).toArray(),
            now.minus(CLOCK_MARGIN),
            leaseEnd);
    ScopeCache.Answer answer = scopes.grant(channel, PUBLISH, own, asked);
    long[] granted = asked.first(answer.granted());
    Instant notBefore = answer.allowedAt();
    if (granted.length > 0) {
      int allowed = 0;
      try {
        answer = grantOfApp(platform, shared, asked.only(granted));
        allowed = answer.granted();
        notBefore = later(notBefore, answer.allowedAt());
      } finally {
        if (allowed < granted.length) {
          long[] refused = Arrays.copyOfRange(granted, allowed, granted.length);
          tell(channel, new ScopeChange.Release(PUBLISH, refused));
        }
      }
      granted = Arrays.copyOf(granted, allowed);
    }
    return new Grant(
        Arrays.stream(granted)
            .mapToObj(number -> new Permit(channelId, platform, number, !shared.isEmpty()))
            .toList(),
        later(now, notBefore.plus(CLOCK_MARGIN)));
  }

  @Override
  public void settle(Permit permit, Instant endedAt) {
    for (LimitScope scope : scopesOf(permit)) {
      tell(scope, new ScopeChange.Settle(PUBLISH, permit.number(), endedAt));
    }
  }

  @Override
  public void release(Permit permit) {
    for (LimitScope scope : scopesOf(permit)) {
      tell(scope, new ScopeChange.Release(PUBLISH, permit.number()));
    }
  }

  @Override
  public void throttled(String scope, Instant until, String reason) {
    LimitScope held =
        LimitScope.of(scope)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "scope must be channel:<id> or app:<platform>, was " + scope));
    LimitedScope.Block block = new LimitedScope.Block(until, reason);
    tell(held, new ScopeChange.Block(block));
    try {
      history.keep(held, block);
    } catch (PulsegridException e) {
      log.warn("{} is blocked until {} in the grid alone: {}", scope, until, e.getMessage());
    }
  }

  @Override
  public void told(Permit permit, Allowance allowance, Instant now) {
    Duration longest =
        publishing(rules.ofAccount(permit.platform())).stream()
            .map(WindowRule::window)
            .max(Comparator.naturalOrder())
            .orElse(LONGEST_TOLD);
    Instant latest = now.plus(longest);
    Instant reset = allowance.reset().isAfter(latest) ? latest : allowance.reset();
    tell(
        new LimitScope.OfChannel(permit.channelId()),
        new ScopeChange.Told(PUBLISH, allowance.remaining(), reset));
  }

  private ScopeCache.Answer grantOfApp(String platform, List<WindowRule> shared, Asked asked) {
    LimitScope app = new LimitScope.OfApp(platform);
    if (shared.isEmpty()) {
      // Nothing to count; a block holds all the same.
      LimitedScope.Block block =
          scopes.read(app, PUBLISH, shared, asked.now()).blocked(asked.now());
      return block == null
          ? new ScopeCache.Answer(asked.permits().length, asked.now())
          : new ScopeCache.Answer(0, block.until());
    }
    return scopes.grant(app, PUBLISH, shared, asked);
  }

  /**
   * What need not succeed: a permit of which the grid hears nothing counts until its lease ends.
   */
  private void tell(LimitScope scope, ScopeChange change) {
    try {
      scopes.change(scope, change);
    } catch (PulsegridException e) {
      log.warn(
          "{} was not told of {}; its permits count until their leases end",
          scope.name(),
          change.getClass().getSimpleName(),
          e);
    }
  }

  private static List<LimitScope> scopesOf(Permit permit) {
    LimitScope channel = new LimitScope.OfChannel(permit.channelId());
    return permit.shared()
        ? List.of(channel, new LimitScope.OfApp(permit.platform()))
        : List.of(channel);
  }

  private static List<WindowRule> publishing(Map<String, List<WindowRule>> byAction) {
    return byAction.getOrDefault(PUBLISH, List.of());
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
