package io.pulsegrid.api.publishing;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.api.web.Fields;
import io.pulsegrid.core.time.When;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When a post is to go out, in exactly one of its forms. */
@Schema(
    name = "When",
    description = "exactly one form: now, or at, or local with zone",
    example = "{\"local\":\"2026-12-01T09:00\",\"zone\":\"Europe/Paris\"}")
@JsonInclude(JsonInclude.Include.NON_NULL)
record WhenBody(
    @Schema(description = "true: as soon as possible") @Nullable Boolean now,
    @Schema(format = "date-time", example = "2026-12-01T08:00:00Z") @Nullable String at,
    @Schema(description = "what the clocks of zone show", example = "2026-12-01T09:00")
        @Nullable String local,
    @Schema(example = "Europe/Paris") @Nullable String zone,
    @Schema(description = "not available yet") @Nullable String slot) {

  static WhenBody of(When when) {
    return switch (when) {
      case When.Now _ -> new WhenBody(true, null, null, null, null);
      case When.At at -> new WhenBody(null, at.instant().toString(), null, null, null);
      case When.Local wish ->
          new WhenBody(null, null, wish.local().toString(), wish.zone().getId(), null);
    };
  }

  When read(Fields fields) {
    List<String> forms = forms();
    if (forms.size() > 1) {
      fields.reject("when", "must have one form only; has " + String.join(", ", forms));
    } else if (forms.isEmpty()) {
      fields.reject(
          zone == null ? "when" : "when.local", "is required: now, or at, or local with zone");
    } else if (slot != null) {
      fields.reject("when.slot", "is not available yet; use now, at, or local with zone");
    } else if (now != null) {
      if (!now) {
        fields.reject("when.now", "must be true; to wait, use at, or local with zone");
      }
    } else if (at != null) {
      if (zone != null) {
        fields.reject("when.zone", "goes with local; an instant needs none");
      }
      Instant instant = required(fields, "when.at", at, fields.instant("when.at", at));
      return instant == null ? new When.Now() : new When.At(instant);
    } else {
      LocalDateTime wall = required(fields, "when.local", local, fields.local("when.local", local));
      ZoneId clock = required(fields, "when.zone", zone, fields.zone("when.zone", zone));
      return wall == null || clock == null ? new When.Now() : new When.Local(wall, clock);
    }
    return new When.Now();
  }

  private List<String> forms() {
    List<String> forms = new ArrayList<>();
    if (now != null) {
      forms.add("now");
    }
    if (at != null) {
      forms.add("at");
    }
    if (local != null) {
      forms.add("local");
    }
    if (slot != null) {
      forms.add("slot");
    }
    return forms;
  }

  private static <T> @Nullable T required(
      Fields fields, String field, @Nullable String given, @Nullable T value) {
    if (given == null || given.isBlank()) {
      fields.reject(field, "is required");
    }
    return value;
  }
}
