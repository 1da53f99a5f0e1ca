package io.pulsegrid.client;

import java.util.List;

/**
 * What became of an import.
 *
 * @param accepted new or changed, and stored durably
 * @param unchanged were here just so
 * @param errors the first 1,000, by the line of the stream
 */
public record ImportResult(long accepted, long unchanged, long rejected, List<LineError> errors) {
  static final int MOST_ERRORS = 1_000;
  static final ImportResult NONE = new ImportResult(0, 0, 0, List.of());

  public ImportResult {
    errors = List.copyOf(errors);
  }

  /** A line that was not taken; the first line is 1. */
  public record LineError(long line, String field, String message) {}
}
