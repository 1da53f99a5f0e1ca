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
    description = "exactly one form: now, or at, or local, or slot",
    example = "{\"local\":\"2026-12-01T09:00\",\"zone\":\"Europe/Paris\"}")
@JsonInclude(JsonInclude.Include.NON_NULL)
record WhenBody(
    @Schema(description = "true: as soon as possible") @Nullable Boolean now,
    @Schema(format = "date-time", example = "2026-12-01T08:00:00Z") @Nullable String at,
    @Schema(
            description = "what the clocks of zone show; without one, of each channel's zone",
            example = "2026-12-01T09:00")
        @Nullable String local,
    @Schema(example = "Europe/Paris") @Nullable String zone,
    @Schema(description = "the next free slot of each channel", allowableValues = "next")
        @Nullable String slot,
    @Schema(
            description = "with local, in a series: the value of an RRULE (RFC 5545)",
            example = "FREQ=WEEKLY;BYDAY=MO,TH")
        @Nullable String repeat) {
  private static final String NEXT = "next";

  static WhenBody of(When when) {
    return switch (when) {
      case When.Now _ -> new WhenBody(true, null, null, null, null, null);
      case When.At at -> new WhenBody(null, at.instant().toString(), null, null, null, null);
      case When.Local wish ->
          new WhenBody(null, null, wish.local().toString(), wish.zone().getId(), null, null);
      case When.ChannelLocal wish ->
          new WhenBody(null, null, wish.local().toString(), null, null, null);
      case When.NextSlot _ -> new WhenBody(null, null, null, null, NEXT, null);
    };
  }

  /** The same, again and again. */
  WhenBody repeated(String rule) {
    return new WhenBody(now, at, local, zone, slot, rule);
  }

  When read(Fields fields) {
    if (repeat != null) {
      fields.reject("when.repeat", "makes a series: POST /api/v1/series");
    }
    return once(fields);
  }

  /** Where a series begins; its rule is the caller's to read. */
  When beginning(Fields fields) {
    if (local == null) {
      fields.reject("when.local", "is required for what comes again");
    }
    if (repeat == null || repeat.isBlank()) {
      fields.reject("when.repeat", "is required, such as FREQ=WEEKLY;BYDAY=MO,TH");
    }
    return once(fields);
  }

  private When once(Fields fields) {
    List<String> forms = forms();
    if (forms.size() > 1) {
      fields.reject("when", "must have one form only; has " + String.join(", ", forms));
    } else if (forms.isEmpty()) {
      fields.reject(
          zone == null ? "when" : "when.local", "is required: now, or at, or local, or slot");
    } else if (slot != null) {
      return slot(fields, slot);
    } else if (now != null) {
      if (!now) {
        fields.reject("when.now", "must be true; to wait, use at, local or slot");
      }
    } else if (at != null) {
      if (zone != null) {
        fields.reject("when.zone", "goes with local; an instant needs none");
      }
      Instant instant = required(fields, "when.at", at, fields.instant("when.at", at));
      return instant == null ? new When.Now() : new When.At(instant);
    } else {
      LocalDateTime wall = required(fields, "when.local", local, fields.local("when.local", local));
      if (zone == null) {
        return wall == null ? new When.Now() : new When.ChannelLocal(wall);
      }
      ZoneId clock = required(fields, "when.zone", zone, fields.wall("when.zone", zone));
      return wall == null || clock == null ? new When.Now() : new When.Local(wall, clock);
    }
    return new When.Now();
  }

  private When slot(Fields fields, String wanted) {
    if (!wanted.strip().equalsIgnoreCase(NEXT)) {
      fields.reject("when.slot", "must be next");
    }
    if (zone != null) {
      fields.reject("when.zone", "goes with local; a slot is told on its channel's clock");
    }
    return new When.NextSlot();
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
