package io.pulsegrid.api.publishing;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.pulsegrid.core.publish.Attempt;
import io.pulsegrid.core.publish.Delivery;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/** A delivery with every call made for it, oldest first. */
@Schema(name = "DeliveryWithAttempts")
record DeliveryHistory(
    @JsonUnwrapped DeliveryView delivery,
    @Schema(description = "every call, oldest first") List<AttemptView> attemptLog) {

  @Schema(name = "Attempt")
  record AttemptView(
      int number,
      Instant startedAt,
      Instant endedAt,
      @Schema(description = "the process that wrote it") String node,
      @Schema(
              description =
                  "the delivery's fence when it was written: it rises with every change, so that"
                      + " of two who act on the same only one does")
          long fence,
      @Schema(
              description = "what the call came to, or what was learnt without one",
              allowableValues = {
                "accepted",
                "rejected",
                "throttled",
                "unauthorized",
                "transient",
                "ambiguous",
                "expired",
                "uncalled",
                "probed",
                "swept",
                "confirmed",
                "redriven",
                "cancelled"
              })
          String outcome,
      @Schema(description = "0 when no answer arrived") int httpStatus,
      String detail,
      @Schema(description = "what follows") String next) {
    static AttemptView of(Attempt attempt) {
      return new AttemptView(
          attempt.number(),
          attempt.startedAt(),
          attempt.endedAt(),
          attempt.node(),
          attempt.fence(),
          attempt.outcome(),
          attempt.httpStatus(),
          attempt.detail(),
          attempt.next());
    }
  }

  static DeliveryHistory of(Delivery delivery, List<Attempt> attempts) {
    return new DeliveryHistory(
        DeliveryView.of(delivery), attempts.stream().map(AttemptView::of).toList());
  }
}
