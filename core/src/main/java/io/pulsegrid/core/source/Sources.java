package io.pulsegrid.core.source;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.util.Optional;
import java.util.OptionalLong;

/** The sources of a workspace. Safe for use by many threads. */
public interface Sources {
  /** What a source starts from where a person does not say. */
  record Usual(Schedule schedule, int priority) {}

  /** What sources of a kind usually are; something sensible for a kind that is not known. */
  Usual usual(String kind);

  /**
   * Adds a source; its first visit follows at once.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the field
   */
  Source create(WorkspaceId workspace, Source.Spec spec);

  Optional<Source> find(WorkspaceId workspace, String id);

  /** Oldest first. */
  Page<Source> list(WorkspaceId workspace, PageRequest page);

  /**
   * Changes a source; a changed url starts from the beginning.
   *
   * @param expectedVersion empty to overwrite whatever is there
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}, {@code STALE}, {@code
   *     INVALID}
   */
  Source update(WorkspaceId workspace, String id, Source.Spec spec, OptionalLong expectedVersion);

  /** Removes a source; its posts stay. */
  void delete(WorkspaceId workspace, String id);

  /** Asks for a visit now; returns without waiting for it. */
  void collectNow(WorkspaceId workspace, String id);
}
