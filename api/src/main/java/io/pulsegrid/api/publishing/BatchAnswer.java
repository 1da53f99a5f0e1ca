package io.pulsegrid.api.publishing;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.ScheduledPost;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of each row of a batch, in their order. */
@Schema(name = "BatchAnswer")
record BatchAnswer(int created, int refused, List<Result> results) {

  @Schema(name = "BatchResult")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Result(
      @Schema(description = "its place in the list from 1, or its line in the file") int line,
      @Schema(description = "absent where the row was refused") @Nullable String id,
      @Nullable DeliveryState state,
      @Nullable List<ScheduledPostView.ResolvedView> resolved,
      @Schema(description = "what is wrong with the row; absent where it was created")
          @Nullable List<FieldError> errors,
      @Schema(description = "what its author may not have meant; absent for nothing")
          @JsonInclude(JsonInclude.Include.NON_EMPTY)
          List<FieldError> warnings) {
    static Result created(int line, ScheduledPost post, Warnings warnings) {
      return new Result(
          line,
          post.id(),
          post.state(),
          ScheduledPostView.ResolvedView.of(post),
          null,
          warnings.of(post));
    }

    static Result refused(int line, List<FieldError> errors) {
      return new Result(line, null, null, null, errors, List.of());
    }
  }

  static BatchAnswer of(List<Result> results) {
    int created = (int) results.stream().filter(result -> result.id() != null).count();
    return new BatchAnswer(created, results.size() - created, results);
  }
}
