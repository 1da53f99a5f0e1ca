package io.pulsegrid.core.telling;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The alerts of a workspace, kept for a time. Safe for many threads. */
public interface Alerts {
  /**
   * How long an alert may take from its time until others can see it: within it, two may be seen in
   * the other order.
   */
  Duration SEEN_WITHIN = Duration.ofMinutes(1);

  /** Latest first. */
  Page<Alert> list(WorkspaceId workspace, Filter filter, PageRequest page);

  /**
   * What a subscription was told after an alert, the earliest first: also what it was told up to
   * {@link #SEEN_WITHIN} before it.
   *
   * @param id of the alert; one that is not kept any more stands before all that are
   */
  Page<Alert> after(WorkspaceId workspace, String subscription, String id, PageRequest page);

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
