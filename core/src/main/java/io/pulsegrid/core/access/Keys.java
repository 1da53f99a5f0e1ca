package io.pulsegrid.core.access;

import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The API keys, stored as hashes. Safe for use by many threads. */
public interface Keys {
  /** The caller behind a bearer token; empty when no live key has it. Cheap: cached for seconds. */
  Optional<Caller> authenticate(String token);

  /**
   * Makes a key.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID} for an unknown workspace,
   *     a blank name or no scopes
   */
  ApiKey.Made create(String name, Set<Scope> scopes, WorkspaceId workspace);

  /**
   * Gives a key another secret; the one before it opens for a while yet, so that callers change
   * over without one refused call.
   *
   * @param overlap for how long; secrets that were replaced earlier do no longer either
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}
   */
  ApiKey.Made rotate(WorkspaceId workspace, String keyId, Duration overlap);

  /** The keys of a workspace, oldest first. */
  Page<ApiKey> list(WorkspaceId workspace, PageRequest page);

  /**
   * Ends a key; calls with it are refused within seconds on every node that reaches the store, and
   * within two minutes on one that does not.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}; {@code CONFLICT} for
   *     the last admin key of the default workspace, without which nobody gets in
   */
  void delete(WorkspaceId workspace, String keyId);
}
