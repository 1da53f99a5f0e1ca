package io.pulsegrid.api.sources;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A source as it is shown. */
@Schema(name = "Source")
record SourceView(
    String id,
    @Schema(example = "feed") String kind,
    URI url,
    @Schema(type = "string", format = "duration", example = "PT5M")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Duration every,
    @Schema(description = "instead of every") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String cron,
    int priority,
    Source.Status status,
    int failuresInRow,
    @Nullable String lastError,
    @Nullable Instant lastCollectedAt,
    @Schema(description = "held back until then, as the source asked") @Nullable Instant notBefore,
    Instant createdAt) {

  static SourceView of(Source source) {
    Source.Spec spec = source.spec();
    Source.Health health = source.health();
    return new SourceView(
        source.id(),
        spec.kind(),
        spec.url(),
        spec.schedule() instanceof Schedule.Every every ? every.interval() : null,
        spec.schedule() instanceof Schedule.Cron cron ? cron.expression() : null,
        spec.priority(),
        health.status(),
        health.failuresInRow(),
        health.lastError(),
        health.lastCollectedAt(),
        health.notBefore(),
        source.createdAt());
  }
}
