package io.pulsegrid.core.access;

import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who changed what, and from where. A change is written down before it is made and its outcome
 * after: a node that dies in between leaves an entry without one, never a change without an entry.
 * Safe for use by many threads.
 */
public interface Audit {
  /**
   * What somebody asks for.
   *
   * @param keyId the key that asks
   * @param origin the address that it comes from
   * @param path such as {@code /api/v1/channels/c1}, without its query
   */
  record Change(String keyId, WorkspaceId workspace, String origin, String method, String path) {}

  /**
   * What stands written.
   *
   * @param keyName what the key was called then
   * @param status what was answered, as HTTP has it; null where nobody knows
   * @param subject where what was made is to be found; empty for what was there before
   */
  record Entry(
      long id,
      Instant at,
      Change change,
      String keyName,
      @Nullable Integer status,
      String subject) {}

  /**
   * Writes down what is about to happen.
   *
   * @return the entry's id
   * @throws io.pulsegrid.core.failure.PulsegridException {@code UNAVAILABLE} where it cannot be
   *     written: then the change must not be made either
   */
  long begin(Change change);

  /**
   * Writes down how it ended; an entry of what was refused, and so changed nothing, goes. Never
   * fails: an entry whose end cannot be written stays without one.
   *
   * @param subject where what was made is to be found; empty for what was there before
   */
  void end(long entry, int status, String subject);

  /** The entries of a workspace, latest first. */
  Page<Entry> list(WorkspaceId workspace, PageRequest page);
}
