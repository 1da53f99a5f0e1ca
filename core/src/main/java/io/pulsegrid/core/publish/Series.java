package io.pulsegrid.core.publish;

import io.pulsegrid.core.access.WorkspaceId;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A post that comes again and again. Its occurrences are scheduled posts of their own, written
 * ahead of their time; what becomes of one changes nothing for the next.
 *
 * @param ended whether it brings forth nothing more
 * @param lastError why its latest occurrence could not be scheduled; null when it could
 */
public record Series(
    String id,
    WorkspaceId workspace,
    Plan plan,
    boolean ended,
    @Nullable String lastError,
    long version,
    Instant createdAt) {

  /**
   * What a person asked for.
   *
   * @param draft the post; its time, local, is where the rule begins
   * @param rule the value of an RRULE
   */
  public record Plan(ScheduledPost.Draft draft, String rule) {}

  /** What a series will bring forth next, on the wall. */
  public record Outlook(Series series, List<LocalDateTime> upcoming) {
    public Outlook {
      upcoming = List.copyOf(upcoming);
    }
  }
}
