package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.CustomLimits;
import io.pulsegrid.core.limit.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people say of limits, in memory. */
public final class FakeCustomLimits implements CustomLimits {
  private static final Instant THEN = Instant.parse("2026-10-01T00:00:00Z");

  private final FakeChannels channels;
  private final List<RateLimit> limits = new ArrayList<>();

  public FakeCustomLimits(FakeChannels channels) {
    this.channels = channels;
  }

  @Override
  public synchronized List<RateLimit> of(WorkspaceId workspace, String scope) {
    known(workspace, scope);
    return limits.stream().filter(limit -> limit.scope().equals(scope)).toList();
  }

  @Override
  public synchronized void set(
      WorkspaceId workspace, String scope, String action, long windowSeconds, int limit) {
    known(workspace, scope);
    if (limit < 1) {
      throw PulsegridException.invalid("limit", "must be 1 to 1000000, was " + limit);
    }
    Duration window = Duration.ofSeconds(windowSeconds);
    limits.add(new RateLimit(scope, action, window, limit, 0, THEN, null, null, true));
  }

  @Override
  public synchronized void remove(
      WorkspaceId workspace, String scope, @Nullable String action, @Nullable Duration window) {
    known(workspace, scope);
    limits.removeIf(
        limit ->
            limit.scope().equals(scope)
                && (action == null || limit.action().equals(action))
                && (window == null || window.equals(limit.window())));
  }

  @Override
  public synchronized void block(
      WorkspaceId workspace, String scope, Instant until, String reason) {
    known(workspace, scope);
    limits.add(new RateLimit(scope, "publish", null, null, 0, until, until, reason));
  }

  private void known(WorkspaceId workspace, String scope) {
    boolean app = scope.startsWith("app:");
    if (!app && channels.find(workspace, scope.replaceFirst("channel:", "")).isEmpty()) {
      throw PulsegridException.notFound("rate limit scope", scope);
    }
  }
}
