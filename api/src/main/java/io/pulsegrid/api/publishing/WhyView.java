package io.pulsegrid.api.publishing;

import io.pulsegrid.core.publish.Why;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a delivery waits for. */
@Schema(name = "Why")
record WhyView(
    Why.WaitsFor waitsFor,
    @Schema(description = "when that is over at the latest; null where nobody can know")
        @Nullable Instant until,
    @Schema(example = "it is due at 2026-12-01T08:00:00Z") String sentence) {
  static WhyView of(Why why) {
    return new WhyView(why.waitsFor(), why.until(), why.sentence());
  }
}
