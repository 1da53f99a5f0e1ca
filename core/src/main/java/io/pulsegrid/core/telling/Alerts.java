package io.pulsegrid.core.telling;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The alerts of a workspace, kept for a time. Safe for many threads. */
public interface Alerts {
  /** Latest first. */
  Page<Alert> list(WorkspaceId workspace, Filter filter, PageRequest page);

  /**
   * Which alerts.
   *
   * @param kinds any of these; empty for all
   * @param since only those from then on; null for all
   * @param openOnly only those that are not over
   */
  record Filter(Set<Alert.Kind> kinds, @Nullable Instant since, boolean openOnly) {
    public Filter {
      kinds = Set.copyOf(kinds);
    }
  }
}
