package io.pulsegrid.core.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The channels of a workspace. Credentials go in and never come out. Safe for many threads. */
public interface Channels {
  /**
   * Adds a channel, after its connector found nothing wrong with spec and credentials.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the field
   */
  Channel create(WorkspaceId workspace, Channel.Spec spec, Channel.Credentials credentials);

  Optional<Channel> find(WorkspaceId workspace, String id);

  /** Oldest first. */
  Page<Channel> list(WorkspaceId workspace, PageRequest page);

  /**
   * Changes a channel.
   *
   * @param credentials null keeps those that are stored
   * @param expectedVersion empty to overwrite whatever is there
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}, {@code STALE}, {@code
   *     INVALID}
   */
  Channel update(
      WorkspaceId workspace,
      String id,
      Channel.Spec spec,
      Channel.@Nullable Credentials credentials,
      boolean paused,
      OptionalLong expectedVersion);

  /**
   * Removes a channel that has nothing left to send.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}; {@code CONFLICT} while
   *     deliveries wait on it
   */
  void delete(WorkspaceId workspace, String id);
}
