package io.pulsegrid.api.telling;

import io.pulsegrid.api.web.Fields;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Alerts;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/alerts")
@Tag(
    name = "alerts",
    description = "What went wrong and may want a person, and trends that were asked for")
final class AlertsController {
  private final Alerts alerts;

  AlertsController(Alerts alerts) {
    this.alerts = alerts;
  }

  @GetMapping
  @Operation(
      summary = "List alerts",
      description =
          "Latest first. One for each delivery that is MISSED, FAILED or UNCONFIRMED, each channel"
              + " that its platform made pause, each webhook that is parked, each trend that a subscription was told of; kept for"
              + " pulsegrid.retention.alerts.")
  Listing<AlertView> list(
      @AuthenticationPrincipal Caller caller,
      @Parameter(description = "some of the kinds by commas; all if absent")
          @RequestParam(required = false)
          @Nullable String kind,
      @Parameter(description = "only those from then on", example = "2026-12-01T08:00:00Z")
          @RequestParam(required = false)
          @Nullable String since,
      @Parameter(description = "only those that are not over")
          @RequestParam(required = false, defaultValue = "false")
          boolean open,
      @ParameterObject @ModelAttribute Paging paging) {
    Fields fields = new Fields();
    Set<Alert.Kind> kinds = EnumSet.noneOf(Alert.Kind.class);
    if (kind != null) {
      for (String name : kind.split(",", -1)) {
        Alert.Kind wanted = fields.oneOf("kind", name, Alert.Kind.class);
        if (wanted != null) {
          kinds.add(wanted);
        }
      }
    }
    Instant from = fields.instant("since", since);
    fields.settle();
    return Listing.of(
        alerts.list(caller.workspace(), new Alerts.Filter(kinds, from, open), paging.request()),
        AlertView::of);
  }
}
