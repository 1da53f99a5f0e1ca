package io.pulsegrid.core.access;

import java.time.Instant;
import java.util.Set;

/** A key as it may be shown: everything but its secret. */
public record ApiKey(
    String id, String name, WorkspaceId workspace, Set<Scope> scopes, Instant createdAt) {
  public ApiKey {
    scopes = Set.copyOf(scopes);
  }

  /**
   * A key just made, with the only sight of its secret there will ever be.
   *
   * @param token the whole bearer token, {@code pg_...}
   */
  public record Made(ApiKey key, String token) {}
}
