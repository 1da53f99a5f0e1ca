package io.pulsegrid.core.limit;

import io.pulsegrid.core.access.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people say of one scope, beside the settings of its platform. It holds on every node within
 * seconds and until it is said otherwise. Safe for use by many threads.
 *
 * <p>Every method throws {@code NOT_FOUND} for a scope that the workspace does not know; an app's,
 * which all workspaces share, is known to {@link WorkspaceId#DEFAULT} alone.
 */
public interface CustomLimits {
  /** The windows that apply to a scope, and its block. */
  List<RateLimit> of(WorkspaceId workspace, String scope);

  /**
   * A window of a scope: in place of the one in the settings that is as long, or else beside them.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the field
   */
  void set(WorkspaceId workspace, String scope, String action, long windowSeconds, int limit);

  /**
   * Takes windows back that were set; those in the settings hold again.
   *
   * @param action null for every action
   * @param window null for every length
   */
  void remove(
      WorkspaceId workspace, String scope, @Nullable String action, @Nullable Duration window);

  /**
   * Holds a scope back; of two blocks the longer one stays.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the field
   */
  void block(WorkspaceId workspace, String scope, Instant until, String reason);
}
