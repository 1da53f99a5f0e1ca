package io.pulsegrid.api.limits;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.CustomLimits;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A limit or a block, as a person says it of one scope. */
@Schema(name = "RateLimitRequest")
record CustomLimitBody(
    @Schema(
            allowableValues = {"publish", "like", "comment", "follow", "message"},
            example = "publish")
        @Nullable String action,
    @Schema(description = "1 to 2678400", example = "3600") @Nullable Long windowSeconds,
    @Schema(description = "1 to 1000000", example = "5") @Nullable Integer limit,
    @Schema(description = "in the future, 366 days at most") @Nullable Instant blockedUntil,
    @Schema(description = "why it is held back, 200 characters at most") @Nullable String reason) {

  void apply(CustomLimits limits, WorkspaceId workspace, String scope) {
    boolean window = action != null || windowSeconds != null || limit != null;
    boolean block = blockedUntil != null || reason != null;
    List<FieldError> errors = new ArrayList<>();
    if (window || !block) {
      missing(action, "action", errors);
      missing(windowSeconds, "windowSeconds", errors);
      missing(limit, "limit", errors);
    }
    if (block && window) {
      // One of them could be taken and the other refused.
      errors.add(new FieldError("blockedUntil", "cannot be given along with a limit"));
    } else if (block) {
      missing(blockedUntil, "blockedUntil", errors);
      missing(reason, "reason", errors);
    }
    if (!errors.isEmpty()) {
      throw PulsegridException.invalid(errors);
    }
    if (action != null && windowSeconds != null && limit != null) {
      limits.set(workspace, scope, action, windowSeconds, limit);
    }
    if (blockedUntil != null && reason != null) {
      limits.block(workspace, scope, blockedUntil, reason);
    }
  }

  private static void missing(@Nullable Object value, String field, List<FieldError> errors) {
    if (value == null) {
      errors.add(new FieldError(field, "must be given"));
    }
  }
}
