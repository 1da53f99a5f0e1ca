package io.pulsegrid.core.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The channels of a workspace. Secrets go in and never come out. Safe for many threads. */
public interface Channels {
  /**
   * What a channel is to be, found usable.
   *
   * @param identity whose account the credentials open
   */
  record Checked(Channel.Spec spec, Channel.Credentials credentials, Publisher.Identity identity) {}

  /**
   * Refuses what could not be used: an address that must not be called, credentials that the
   * platform refuses. Asks the platform whose account they open, so it may wait for some seconds:
   * for before a transaction, never within one. A platform that does not answer refuses nothing.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the fields
   */
  Checked check(Channel.Spec spec, Channel.Credentials credentials);

  /**
   * Adds a channel that was {@link #check checked}; what can be told without asking anyone is
   * checked once more.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the field, also
   *     where the account has a channel: two would each be given the whole of its limits
   */
  Channel create(WorkspaceId workspace, Checked checked, boolean paused);

  Optional<Channel> find(WorkspaceId workspace, String id);

  /** Oldest first. */
  Page<Channel> list(WorkspaceId workspace, PageRequest page);

  /**
   * Changes a channel. Checks everything, and asks the platform where it may be another account's
   * by now; not for use within a transaction. It may become another account's while none of its
   * posts is under way or in doubt; until then its credentials and address change only where they
   * are surely of the same.
   *
   * @param credentials null keeps those that are stored
   * @param paused null keeps what is, but new credentials end a pause: it may have waited for them
   * @param expectedVersion empty to overwrite whatever is there
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}, {@code STALE}, {@code
   *     INVALID}, {@code CONFLICT}
   */
  Channel update(
      WorkspaceId workspace,
      String id,
      Channel.Spec spec,
      Channel.@Nullable Credentials credentials,
      @Nullable Boolean paused,
      OptionalLong expectedVersion);

  /**
   * Removes a channel that has nothing left to send.
   *
   * @param expectedVersion empty to remove whatever is there
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}; {@code STALE}; {@code
   *     CONFLICT} while deliveries wait on it
   */
  void delete(WorkspaceId workspace, String id, OptionalLong expectedVersion);
}
