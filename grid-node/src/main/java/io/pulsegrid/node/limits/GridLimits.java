package io.pulsegrid.node.limits;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.core.limit.Limits;
import io.pulsegrid.core.limit.RateLimit;
import io.pulsegrid.core.limit.SlidingWindow;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Channels;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.config.PlatformSettings;
import io.pulsegrid.node.grid.wire.ScopeChange;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The limits of a workspace as people see and correct them, over the windows in the grid. */
public final class GridLimits implements Limits {
  private final ScopeCache scopes;
  private final LimitRules rules;
  private final LimitHistory history;
  private final Channels channels;
  private final Given given;

  /** What comes from outside. */
  public record Given(InstantSource clock, IdSource ids, PermitNumbers numbers, NearLimits near) {}

  /** A scope and the platform that it is on. */
  record Known(LimitScope scope, String platform) {}

  public GridLimits(
      ScopeCache scopes, LimitRules rules, LimitHistory history, Channels channels, Given given) {
    this.scopes = scopes;
    this.rules = rules;
    this.history = history;
    this.channels = channels;
    this.given = given;
  }

  @Override
  public List<RateLimit> of(WorkspaceId workspace, String channelId) {
    String platform = channel(workspace, channelId).spec().platform();
    List<RateLimit> limits = new ArrayList<>(of(new LimitScope.OfChannel(channelId), platform));
    List<RateLimit> shared = of(new LimitScope.OfApp(platform), platform);
    boolean free = shared.getFirst().limit() == null && shared.getFirst().blockedUntil() == null;
    if (!free) {
      limits.addAll(shared);
    }
    return List.copyOf(limits);
  }

  /** All windows of a scope; of one without any, whether it is held back. */
  List<RateLimit> of(LimitScope scope, String platform) {
    List<RateLimit> limits = standing(scope, platform);
    return limits.isEmpty() ? List.of(windowless(scope)) : limits;
  }

  @Override
  public void unblock(WorkspaceId workspace, String scope) {
    LimitScope known = known(workspace, scope).scope();
    history.forget(known);
    scopes.change(known, new ScopeChange.Unblock());
    rules.changed();
  }

  @Override
  public void record(WorkspaceId workspace, String channelId, String action) {
    Channel channel = channel(workspace, channelId);
    if (!PlatformSettings.ACTIONS.contains(action)) {
      throw PulsegridException.invalid(
          "action",
          "must be one of "
              + PlatformSettings.ACTIONS.stream().sorted().toList()
              + ", was "
              + action);
    }
    // The account's own windows alone: what was done outside was not done by the app, whose windows
    // all workspaces share.
    LimitScope scope = new LimitScope.OfChannel(channelId);
    String platform = channel.spec().platform();
    List<WindowRule> windows = rules.of(scope, platform, action);
    // Begun first, so that what is kept next is counted once; kept before it is counted, so that a
    // scope which is begun again in between finds it.
    Instant now = given.clock().instant();
    scopes.read(scope, action, windows, now);
    history.keep(given.ids().next(), channelId, action, now);
    scopes.change(scope, new ScopeChange.Count(action, given.numbers().getAsLong(), now));
    LimitedScope counted = scopes.read(scope, action, windows, now);
    given.near().seen(scope, platform, action, counted.action(action).nearUntil(windows, now));
  }

  private List<RateLimit> standing(LimitScope scope, String platform) {
    Instant now = given.clock().instant();
    List<RateLimit> limits = new ArrayList<>();
    rules
        .of(scope, platform)
        .forEach(
            (action, windows) -> {
              LimitedScope state = scopes.read(scope, action, windows, now);
              windows.forEach(rule -> limits.add(standing(scope, action, rule, state, now)));
            });
    return limits;
  }

  /** Nothing is counted here, but a platform or a person may hold it back all the same. */
  private RateLimit windowless(LimitScope scope) {
    Instant now = given.clock().instant();
    String action = GridPermits.PUBLISH;
    LimitedScope state = scopes.read(scope, action, List.of(), now);
    LimitedScope.Block block = state.holdsBack(action, now);
    return new RateLimit(
        scope.name(),
        action,
        null,
        null,
        0,
        state.allowedAt(action, List.of(), now),
        block == null ? null : block.until(),
        block == null ? null : block.reason());
  }

  private RateLimit standing(
      LimitScope scope, String action, WindowRule rule, LimitedScope state, Instant now) {
    SlidingWindow window = state.action(action);
    LimitedScope.Block block = state.holdsBack(action, now);
    return new RateLimit(
        scope.name(),
        action,
        rule.window(),
        rule.limit(),
        window.used(rule, now),
        state.allowedAt(action, List.of(rule), now),
        block == null ? null : block.until(),
        block == null ? null : block.reason(),
        rules.isCustom(scope, action, rule.window()));
  }

  /**
   * A scope that a workspace may speak of.
   *
   * @throws PulsegridException {@code NOT_FOUND}
   */
  Known known(WorkspaceId workspace, String name) {
    return LimitScope.of(name)
        .flatMap(scope -> known(workspace, scope))
        .orElseThrow(() -> PulsegridException.notFound("rate limit scope", name));
  }

  private Optional<Known> known(WorkspaceId workspace, LimitScope scope) {
    return switch (scope) {
      case LimitScope.OfChannel channel ->
          channels
              .find(workspace, channel.id())
              .map(found -> new Known(scope, found.spec().platform()));
      // Every workspace's: whoever asks speaks for all of them.
      case LimitScope.OfApp app ->
          workspace.equals(WorkspaceId.DEFAULT) && history.uses(app.platform())
              ? Optional.of(new Known(scope, app.platform()))
              : Optional.empty();
    };
  }

  private Channel channel(WorkspaceId workspace, String id) {
    return channels
        .find(workspace, id)
        .orElseThrow(() -> PulsegridException.notFound("channel", id));
  }
}
