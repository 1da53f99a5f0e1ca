package io.pulsegrid.core.telling;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.util.Optional;

/** The subscriptions of a workspace, which see nothing of any other. Safe for many threads. */
public interface Subscriptions {
  /**
   * Refuses what could not be used, an address that must not be called among it. Resolves a name,
   * so it may wait: for before a transaction, never within one.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the fields
   */
  void check(WorkspaceId workspace, Subscription.Spec spec);

  /**
   * Adds a subscription that was {@link #check checked}, and a webhook where it names an address
   * that has none for subscriptions yet.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code CONFLICT} when the workspace has as
   *     many as it may
   */
  Subscription.Made create(WorkspaceId workspace, Subscription.Spec spec);

  Optional<Subscription> find(WorkspaceId workspace, String id);

  /** Oldest first. */
  Page<Subscription> list(WorkspaceId workspace, PageRequest page);

  /**
   * Removes a subscription, and the webhook that was made for its address once it is the last.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}
   */
  void delete(WorkspaceId workspace, String id);
}
