package io.pulsegrid.core.telling;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The webhooks of a workspace, which see nothing of any other. Safe for many threads. */
public interface Webhooks {
  /**
   * Refuses what could not be used, an address that must not be called among it. Resolves a name,
   * so it may wait: for before a transaction, never within one.
   *
   * @param secret what to sign with; null to be given one
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the fields
   */
  void check(Webhook.Spec spec, @Nullable String secret);

  /**
   * Adds a webhook that was {@link #check checked}. It is told of what happens from now on.
   *
   * @param secret what to sign with; null to be given one
   * @throws io.pulsegrid.core.failure.PulsegridException {@code CONFLICT} when the workspace has as
   *     many as it may
   */
  Webhook.Made create(WorkspaceId workspace, Webhook.Spec spec, @Nullable String secret);

  Optional<Webhook> find(WorkspaceId workspace, String id);

  /** Oldest first. */
  Page<Webhook> list(WorkspaceId workspace, PageRequest page);

  /**
   * Tells a parked webhook again, from where it stopped; does nothing to one that goes on.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}
   */
  Webhook resume(WorkspaceId workspace, String id);

  /**
   * Removes a webhook with all that it was still to be told.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}; {@code CONFLICT} while
   *     subscriptions tell it
   */
  void delete(WorkspaceId workspace, String id);
}
