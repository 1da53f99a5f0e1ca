package io.pulsegrid.node.limits;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.CustomLimits;
import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.core.limit.RateLimit;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.config.PlatformSettings;
import io.pulsegrid.node.grid.wire.ScopeChange;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people say of limits: kept in the store first, from which every node takes it. */
public final class GridCustomLimits implements CustomLimits {
  private static final long LONGEST_SECONDS = WindowRule.LONGEST.toSeconds();

  private static final int MOST = 1_000_000;
  private static final int MOST_WINDOWS = 10;
  private static final int MOST_REASON = 200;
  private static final Duration LONGEST_BLOCK = Duration.ofDays(366);

  private final GridLimits limits;
  private final LimitRules rules;
  private final ScopeCache scopes;
  private final LimitHistory history;
  private final InstantSource clock;

  public GridCustomLimits(
      GridLimits limits,
      LimitRules rules,
      ScopeCache scopes,
      LimitHistory history,
      InstantSource clock) {
    this.limits = limits;
    this.rules = rules;
    this.scopes = scopes;
    this.history = history;
    this.clock = clock;
  }

  @Override
  public List<RateLimit> of(WorkspaceId workspace, String scope) {
    GridLimits.Known known = limits.known(workspace, scope);
    return limits.of(known.scope(), known.platform());
  }

  @Override
  public void set(
      WorkspaceId workspace, String scope, String action, long windowSeconds, int limit) {
    LimitScope known = limits.known(workspace, scope).scope();
    List<FieldError> errors = faults(action, windowSeconds);
    if (limit < 1 || limit > MOST) {
      errors.add(new FieldError("limit", "must be 1 to " + MOST + ", was " + limit));
    }
    Duration window = Duration.ofSeconds(Math.clamp(windowSeconds, 1, LONGEST_SECONDS));
    if (rules.customOf(known) >= MOST_WINDOWS && !rules.isCustom(known, action, window)) {
      errors.add(
          new FieldError(
              "windowSeconds", "a scope takes " + MOST_WINDOWS + " windows of its own at most"));
    }
    if (!errors.isEmpty()) {
      throw PulsegridException.invalid(errors);
    }
    rules.set(known, action, new WindowRule(limit, window));
  }

  @Override
  public void remove(
      WorkspaceId workspace, String scope, @Nullable String action, @Nullable Duration window) {
    LimitScope known = limits.known(workspace, scope).scope();
    List<FieldError> errors = faults(action, window == null ? 1 : window.toSeconds());
    if (!errors.isEmpty()) {
      throw PulsegridException.invalid(errors);
    }
    rules.remove(known, action, window);
  }

  private static List<FieldError> faults(@Nullable String action, long windowSeconds) {
    List<FieldError> errors = new ArrayList<>();
    if (action != null && !PlatformSettings.ACTIONS.contains(action)) {
      errors.add(
          new FieldError(
              "action", "must be one of " + PlatformSettings.ACTIONS.stream().sorted().toList()));
    }
    if (windowSeconds < 1 || windowSeconds > LONGEST_SECONDS) {
      errors.add(
          new FieldError(
              "windowSeconds", "must be 1 to " + LONGEST_SECONDS + ", was " + windowSeconds));
    }
    return errors;
  }

  @Override
  public void block(WorkspaceId workspace, String scope, Instant until, String reason) {
    LimitScope known = limits.known(workspace, scope).scope();
    Instant now = clock.instant();
    if (!until.isAfter(now) || until.isAfter(now.plus(LONGEST_BLOCK))) {
      throw PulsegridException.invalid(
          "blockedUntil", "must be in the future, 366 days at most, was " + until);
    }
    if (reason.isBlank() || reason.length() > MOST_REASON) {
      throw PulsegridException.invalid("reason", "must be 1 to " + MOST_REASON + " characters");
    }
    LimitedScope.Block block = new LimitedScope.Block(until, reason.strip());
    // The store first: a crash in between leaves a block that holds once the count is begun again.
    history.keep(known, block);
    scopes.change(known, new ScopeChange.Block(block));
  }
}
