package io.pulsegrid.core.post;

import java.time.Instant;
import java.util.List;

/** How the world answered posts as they grew older. Safe for use by many threads. */
public interface EngagementHistory {
  /** The counts as they stood at a moment. */
  record Reading(Instant at, Engagement counts) {}

  /**
   * A collected post's, oldest first; its latest 1,000. The caller sees to it that it may be read.
   */
  List<Reading> ofPost(PostId post);

  /** The same of what a delivery published. */
  List<Reading> ofDelivery(String delivery);
}
