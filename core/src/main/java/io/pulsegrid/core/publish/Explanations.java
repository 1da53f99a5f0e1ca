package io.pulsegrid.core.publish;

import io.pulsegrid.core.access.WorkspaceId;
import java.util.Optional;

/** Why deliveries stand where they stand. Safe for many threads. */
public interface Explanations {
  /** What a delivery waits for just now; empty for an unknown one. */
  Optional<Why> why(WorkspaceId workspace, String deliveryId);
}
