package io.pulsegrid.api.posts;

import io.pulsegrid.core.post.PostImport;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** What became of an import's lines. */
record ImportAnswer(
    long accepted,
    long unchanged,
    long rejected,
    @Schema(description = "the first 1,000") List<LineError> errors,
    @Schema(description = "columns that no field has, each once") List<String> ignoredColumns) {

  record LineError(long line, String field, String message) {}

  static ImportAnswer of(PostImport.Answer answer) {
    return new ImportAnswer(
        answer.accepted(),
        answer.unchanged(),
        answer.rejected(),
        answer.errors().stream()
            .map(error -> new LineError(error.line(), error.field(), error.message()))
            .toList(),
        answer.ignoredColumns());
  }
}
