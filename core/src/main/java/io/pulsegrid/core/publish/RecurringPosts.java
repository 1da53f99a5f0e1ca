package io.pulsegrid.core.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.util.Optional;
import java.util.OptionalLong;

/** The series of a workspace. What a method answers is committed. Safe for many threads. */
public interface RecurringPosts {
  /**
   * Begins a series; what is due soon is scheduled with it.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the field: a rule
   *     that cannot be read or never comes, and what is wrong with any post
   */
  Series.Outlook begin(WorkspaceId workspace, Series.Plan plan);

  Optional<Series.Outlook> find(WorkspaceId workspace, String id);

  /** Oldest first. */
  Page<Series> list(WorkspaceId workspace, PageRequest page);

  /**
   * Changes what comes from now on. Occurrences that a person edited or cancelled one by one stay
   * as they are, as does what is in flight.
   *
   * @param expectedVersion empty to overwrite whatever is there
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}; {@code STALE}; {@code
   *     CONFLICT} once it has ended; {@code INVALID}
   */
  Series.Outlook replace(
      WorkspaceId workspace, String id, Series.Plan plan, OptionalLong expectedVersion);

  /**
   * Ends a series and cancels all of its posts that nothing was sent for.
   *
   * @param expectedVersion empty to end whatever is there
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}; {@code STALE}; {@code
   *     CONFLICT} once it has ended
   */
  void end(WorkspaceId workspace, String id, OptionalLong expectedVersion);
}
