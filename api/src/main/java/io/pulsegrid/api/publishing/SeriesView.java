package io.pulsegrid.api.publishing;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.publish.Series;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.core.time.When;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A series as it is shown: what was asked for, and what comes next. */
@Schema(name = "Series")
record SeriesView(
    String id,
    String text,
    List<String> channels,
    WhenBody when,
    Map<String, ScheduledPostView.Text> variants,
    int priority,
    @Schema(type = "string", format = "duration", example = "PT24H") Duration expiresAfter,
    @Schema(description = "whether it brings forth nothing more") boolean ended,
    @Schema(description = "why its latest occurrence could not be scheduled")
        @Nullable String lastError,
    @Schema(description = "its next times; absent in lists")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable List<TimeView> upcoming,
    @Schema(description = "what If-Match is held against: the number at the head of the ETag")
        long version,
    Instant createdAt) {

  @Schema(name = "SeriesTime")
  record TimeView(
      @Schema(type = "string", example = "2026-12-01T09:00") String local,
      @Schema(description = "absent where each channel has its own clock")
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable Instant at) {
    static TimeView of(LocalDateTime local, When first) {
      return new TimeView(
          local.toString(),
          first instanceof When.Local when
              ? Resolved.of(new When.Local(local, when.zone()), Instant.EPOCH, when.zone())
                  .instant()
              : null);
    }
  }

  static SeriesView of(Series.Outlook outlook) {
    When first = outlook.series().plan().draft().when();
    return of(
        outlook.series(),
        outlook.upcoming().stream().map(time -> TimeView.of(time, first)).toList());
  }

  static SeriesView of(Series series) {
    return of(series, null);
  }

  private static SeriesView of(Series series, @Nullable List<TimeView> upcoming) {
    ScheduledPost.Draft draft = series.plan().draft();
    return new SeriesView(
        series.id(),
        draft.text(),
        draft.channels(),
        WhenBody.of(draft.when()).repeated(series.plan().rule()),
        ScheduledPostView.texts(draft),
        draft.priority(),
        draft.expiresAfter(),
        series.ended(),
        series.lastError(),
        upcoming,
        series.version(),
        series.createdAt());
  }
}
