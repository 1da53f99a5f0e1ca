package io.pulsegrid.core.source;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The sources of a workspace. Safe for use by many threads. */
public interface Sources {
  /** What a source starts from where a person does not say. */
  record Usual(Schedule schedule, int priority) {}

  /** What sources of a kind usually are; something sensible for a kind that is not known. */
  Usual usual(String kind);

  /**
   * Refuses what could never be collected, an address that must not be visited among it. Resolves a
   * name, so it may wait: for before a transaction, never within one.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the fields
   */
  void check(Source.Spec spec, Source.Credentials credentials);

  /**
   * Adds a source that was {@link #check checked}; its first visit follows at once. What can be
   * told without asking anyone is checked once more.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the field
   */
  Source create(WorkspaceId workspace, Source.Spec spec, Source.Credentials credentials);

  Optional<Source> find(WorkspaceId workspace, String id);

  /** Oldest first. */
  Page<Source> list(WorkspaceId workspace, PageRequest page);

  /**
   * Changes a source; a changed url starts from the beginning. Checks everything; not for use
   * within a transaction.
   *
   * @param credentials null keeps those there are, unless the source becomes another server's: they
   *     go nowhere but where they were meant to go
   * @param expectedVersion empty to overwrite whatever is there
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}, {@code STALE}, {@code
   *     INVALID}
   */
  Source update(
      WorkspaceId workspace,
      String id,
      Source.Spec spec,
      Source.@Nullable Credentials credentials,
      OptionalLong expectedVersion);

  /**
   * Removes a source; its posts stay.
   *
   * @param expectedVersion empty to remove whatever is there
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}, {@code STALE}
   */
  void delete(WorkspaceId workspace, String id, OptionalLong expectedVersion);

  /** Asks for a visit now; returns without waiting for it. */
  void collectNow(WorkspaceId workspace, String id);
}
