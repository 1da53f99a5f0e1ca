package io.pulsegrid.core.post;

import io.pulsegrid.core.access.WorkspaceId;
import java.io.InputStream;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Import of a stream of posts, of any length, in bounded memory. */
public interface PostImport {
  enum Format {
    NDJSON,
    CSV
  }

  /**
   * How a stream is to be read.
   *
   * @param platform for lines that name none
   * @param columns the stream's name for a field, to ours: {@code id -> nativeId}
   * @param dateFormat a {@code DateTimeFormatter} pattern; null for ISO-8601 and epoch numbers
   * @param zone for dates that carry none
   */
  record Options(
      Format format,
      @Nullable String platform,
      Map<String, String> columns,
      @Nullable String dateFormat,
      ZoneId zone) {
    public Options {
      columns = Map.copyOf(columns);
    }
  }

  /** One line that was not taken. */
  record LineError(long line, String field, String message) {}

  /**
   * What became of all lines.
   *
   * @param errors the first 1,000
   * @param ignoredColumns the names that no field of ours has, each once
   */
  record Answer(
      long accepted,
      long unchanged,
      long rejected,
      List<LineError> errors,
      List<String> ignoredColumns) {
    public Answer {
      errors = List.copyOf(errors);
      ignoredColumns = List.copyOf(ignoredColumns);
    }
  }

  /**
   * Reads the stream to its end; every accepted line is durable when this returns.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID} for options that cannot be
   *     used, {@code UNAVAILABLE} when the store is away: what was taken so far is kept, and
   *     importing the same stream again is harmless
   */
  Answer read(WorkspaceId workspace, InputStream stream, Options options);
}
