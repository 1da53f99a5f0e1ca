package io.pulsegrid.core.post;

import io.pulsegrid.core.access.WorkspaceId;
import java.util.List;

/** The one way in for posts, live or from a file. Safe for use by many threads. */
public interface Intake {
  /** What became of one post. */
  sealed interface Receipt {
    /** New or changed, and stored durably. */
    record Accepted(PostId id) implements Receipt {}

    /** Already here, just so. */
    record Unchanged(PostId id) implements Receipt {}

    /** The store refuses this row; it is kept aside with the reason, and the others went in. */
    record Parked(PostId id, String reason) implements Receipt {}
  }

  /**
   * Takes valid posts, in their order; returns when all of them are in the durable store.
   *
   * @return one receipt a post, in the same order
   * @throws io.pulsegrid.core.failure.PulsegridException {@code UNAVAILABLE} when the store is away
   *     or too much waits: nothing is acknowledged then, and taking the same posts again is
   *     harmless
   */
  List<Receipt> take(WorkspaceId workspace, List<IncomingPost> posts);
}
