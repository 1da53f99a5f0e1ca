package io.pulsegrid.node.limits;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.grid.wire.ScopeChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
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
  private final NearLimits near;

  /**
   * Permits under these rules.
   *
   * @param numbers random: two permits of a scope must never be given the same
   */
  public GridPermits(
      ScopeCache scopes,
      LimitRules rules,
      LimitHistory history,
      LongSupplier numbers,
      NearLimits near) {
    this.scopes = scopes;
    this.rules = rules;
    this.history = history;
    this.numbers = numbers;
    this.near = near;
  }

  @Override
  public Grant grant(String channelId, String platform, int wanted, Instant now, Instant leaseEnd) {
    LimitScope channel = new LimitScope.OfChannel(channelId);
    List<WindowRule> own = of(channel, platform);
    List<WindowRule> shared = ofApp(platform);
    // The channel first: a full one asks nothing of the app, which all channels wait in line for.
    Asked asked = asked(wanted, now, leaseEnd);
    ScopeCache.Answer answer = scopes.grant(channel, PUBLISH, own, asked);
    seen(channel, platform, answer);
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
    return granted(channelId, platform, granted, now, notBefore);
  }

  /** These permits, as they are handed out. */
  Grant granted(String channelId, String platform, long[] numbers, Instant now, Instant notBefore) {
    boolean shared = !ofApp(platform).isEmpty();
    return new Grant(
        Arrays.stream(numbers)
            .mapToObj(number -> new Permit(channelId, platform, number, shared))
            .toList(),
        later(now, notBefore.plus(CLOCK_MARGIN)));
  }

  @Override
  public List<Grant> grantAll(List<Wanted> wanted, Instant now) {
    return new GrantRound(this, scopes, wanted, now).grants();
  }

  @Override
  public void ended(List<Ended> calls) {
    Map<LimitScope, List<ScopeChange>> changes = new HashMap<>();
    for (Ended call : calls) {
      for (LimitScope scope : scopesOf(call.permit())) {
        List<ScopeChange> ofScope = changes.computeIfAbsent(scope, _ -> new ArrayList<>());
        switch (call.use()) {
          case COUNTED ->
              ofScope.add(new ScopeChange.Settle(PUBLISH, call.permit().number(), call.at()));
          case FREE -> ofScope.add(new ScopeChange.Release(PUBLISH, call.permit().number()));
          case UNKNOWN -> {}
        }
      }
      Allowance allowance = call.allowance();
      if (allowance != null) {
        LimitScope scope =
            allowance.ofApp()
                ? new LimitScope.OfApp(call.permit().platform())
                : new LimitScope.OfChannel(call.permit().channelId());
        changes
            .computeIfAbsent(scope, _ -> new ArrayList<>())
            .add(told(scope, call.permit().platform(), allowance, call.at()));
      }
    }
    changes.values().removeIf(List::isEmpty);
    tellAll(changes);
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

  private ScopeChange told(LimitScope scope, String platform, Allowance allowance, Instant now) {
    Duration longest =
        of(scope, platform).stream()
            .map(WindowRule::window)
            .max(Comparator.naturalOrder())
            .orElse(LONGEST_TOLD);
    Instant latest = now.plus(longest);
    Instant reset = allowance.reset().isAfter(latest) ? latest : allowance.reset();
    return new ScopeChange.Told(PUBLISH, allowance.remaining(), reset);
  }

  /** The windows of a scope. */
  List<WindowRule> of(LimitScope scope, String platform) {
    return rules.of(scope, platform, PUBLISH);
  }

  /** The windows that a platform's accounts share. */
  List<WindowRule> ofApp(String platform) {
    return of(new LimitScope.OfApp(platform), platform);
  }

  /** A scope answered: it may be near its limit. */
  void seen(LimitScope scope, String platform, ScopeCache.Answer answer) {
    near.seen(scope, platform, PUBLISH, answer.nearUntil());
  }

  /** Permits to be asked for, by new numbers. */
  Asked asked(int wanted, Instant now, Instant leaseEnd) {
    return new Asked(
        LongStream.generate(numbers).limit(wanted).toArray(), now.minus(CLOCK_MARGIN), leaseEnd);
  }

  /** Asks a platform's app, for permits that the channels have granted. */
  ScopeCache.Answer grantOfApp(String platform, List<WindowRule> shared, Asked asked) {
    LimitScope app = new LimitScope.OfApp(platform);
    if (shared.isEmpty()) {
      // Nothing to count; a block holds all the same, and what the platform says to be spent.
      LimitedScope.Block block =
          scopes.read(app, PUBLISH, shared, asked.now()).holdsBack(PUBLISH, asked.now());
      return block == null
          ? new ScopeCache.Answer(asked.permits().length, asked.now(), Instant.MIN)
          : new ScopeCache.Answer(0, block.until(), Instant.MIN);
    }
    ScopeCache.Answer answer = scopes.grant(app, PUBLISH, shared, asked);
    seen(app, platform, answer);
    return answer;
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

  /** Tells what need not succeed, in one round trip. */
  void tellAll(Map<LimitScope, List<ScopeChange>> changes) {
    Map<LimitScope, ScopeChange> together = new HashMap<>();
    changes.forEach((scope, ofScope) -> together.put(scope, new ScopeChange.Several(ofScope)));
    int reached = scopes.changeAll(together).size();
    if (reached < together.size()) {
      log.warn(
          "{} of {} scopes were not told how calls ended; their permits count until their leases"
              + " end",
          together.size() - reached,
          together.size());
    }
  }

  static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
