package io.pulsegrid.node.limits;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.grid.wire.EndedCalls;
import io.pulsegrid.node.grid.wire.EndedCalls.Fate;
import io.pulsegrid.node.grid.wire.ScopeChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
  private final PermitNumbers numbers;
  private final NearLimits near;

  /** Permits under these rules. */
  public GridPermits(
      ScopeCache scopes,
      LimitRules rules,
      LimitHistory history,
      PermitNumbers numbers,
      NearLimits near) {
    this.scopes = scopes;
    this.rules = rules;
    this.history = history;
    this.numbers = numbers;
    this.near = near;
  }

  /** These permits, as they are handed out. */
  Grant granted(String channelId, String platform, long[] numbers, Instant now, Instant notBefore) {
    boolean shared = !ofApp(platform).isEmpty();
    List<Permit> granted = new ArrayList<>(numbers.length);
    for (long number : numbers) {
      granted.add(new Permit(channelId, platform, number, shared));
    }
    return new Grant(granted, later(now, notBefore.plus(CLOCK_MARGIN)));
  }

  @Override
  public List<Grant> grantAll(List<Wanted> wanted, List<Ended> ended, Instant now) {
    return new GrantRound(this, scopes, wanted, now).grants(changes(ended));
  }

  @Override
  public void ended(List<Ended> calls) {
    tellAll(changes(calls));
  }

  /** What calls that ended change, in their order, of each scope. */
  private Map<LimitScope, ScopeChange> changes(List<Ended> calls) {
    Map<LimitScope, List<EndedCalls.Call>> ofScopes = new HashMap<>();
    for (Ended call : calls) {
      Allowance allowance = call.allowance();
      LimitScope channel = new LimitScope.OfChannel(call.permit().channelId());
      LimitScope app = new LimitScope.OfApp(call.permit().platform());
      boolean toldOfApp = allowance != null && allowance.ofApp();
      boolean toldOfChannel = allowance != null && !allowance.ofApp();
      if (call.use() != Use.UNKNOWN || toldOfChannel) {
        add(ofScopes, channel, call, true, toldOfChannel);
      }
      if (toldOfApp || (call.permit().shared() && call.use() != Use.UNKNOWN)) {
        add(ofScopes, app, call, call.permit().shared(), toldOfApp);
      }
    }
    Map<LimitScope, ScopeChange> changes = new HashMap<>();
    ofScopes.forEach((scope, ended) -> changes.put(scope, new EndedCalls(PUBLISH, ended)));
    return changes;
  }

  /**
   * Adds a call to those of a scope.
   *
   * @param counted whether its permit is one of this scope's
   * @param told whether its headers spoke of this scope
   */
  private void add(
      Map<LimitScope, List<EndedCalls.Call>> ofScopes,
      LimitScope scope,
      Ended call,
      boolean counted,
      boolean told) {
    Fate fate = counted ? fate(call) : new Fate.Held();
    Allowance allowance = told ? believed(scope, call) : null;
    ofScopes
        .computeIfAbsent(scope, _ -> new ArrayList<>())
        .add(new EndedCalls.Call(call.permit().number(), fate, allowance));
  }

  private static Fate fate(Ended call) {
    return switch (call.use()) {
      case COUNTED -> new Fate.Counted(call.at());
      case FREE -> new Fate.Released();
      case UNKNOWN -> new Fate.Held();
    };
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

  /** What the headers said, as far ahead as the longest window reaches. */
  private @Nullable Allowance believed(LimitScope scope, Ended call) {
    Allowance said = call.allowance();
    if (said == null) {
      return null;
    }
    Duration longest =
        of(scope, call.permit().platform()).stream()
            .map(WindowRule::window)
            .max(Comparator.naturalOrder())
            .orElse(LONGEST_TOLD);
    Instant latest = call.at().plus(longest);
    return said.reset().isAfter(latest)
        ? new Allowance(said.limit(), said.remaining(), latest, said.ofApp())
        : said;
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

  /** Scopes that are to be made ready. */
  Openings openings(Instant now) {
    return new Openings(scopes, history, PUBLISH, now);
  }

  /** New numbers, of permits to be asked for. */
  long[] numbers(int count) {
    long[] fresh = new long[count];
    Arrays.setAll(fresh, _ -> numbers.getAsLong());
    return fresh;
  }

  /** Asks a platform's app, for permits that the channels have granted. */
  ScopeCache.Answer grantOfApp(String platform, List<WindowRule> shared, Asked asked) {
    LimitScope app = new LimitScope.OfApp(platform);
    if (shared.isEmpty()) {
      // Nothing to count; a block holds all the same, and what the platform says to be spent.
      LimitedScope scope = scopes.read(app, PUBLISH, shared, asked.now());
      return ScopeCache.Answer.unlessHeld(asked, scope.holdsBack(PUBLISH, asked.now()));
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
  void tellAll(Map<LimitScope, ScopeChange> changes) {
    if (!changes.isEmpty()) {
      told(changes.size(), scopes.changeAll(changes).size());
    }
  }

  /** Notes how many scopes could be told of those that were to be. */
  static void told(int scopes, int reached) {
    if (reached < scopes) {
      log.warn(
          "{} of {} scopes were not told how calls ended; their permits count until their leases"
              + " end",
          scopes - reached,
          scopes);
    }
  }

  static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
