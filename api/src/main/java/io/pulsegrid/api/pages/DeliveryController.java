package io.pulsegrid.api.pages;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Attempt;
import io.pulsegrid.core.publish.Publishing;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** A delivery's page: every attempt, and what a person may decide about it. */
@Controller
final class DeliveryController {
  private final Publishing publishing;
  private final Deliveries deliveries;
  private final InstantSource clock;

  DeliveryController(Publishing publishing, Deliveries deliveries, InstantSource clock) {
    this.publishing = publishing;
    this.deliveries = deliveries;
    this.clock = clock;
  }

  /** One call, as it is told on the page. */
  record Call(
      int number,
      String outcome,
      int httpStatus,
      String detail,
      String next,
      Moment at,
      long tookMillis,
      String node,
      long fence) {
    static Call of(Attempt attempt, Instant now) {
      return new Call(
          attempt.number(),
          attempt.outcome(),
          attempt.httpStatus(),
          attempt.detail(),
          attempt.next(),
          Moment.of(attempt.startedAt(), now),
          Duration.between(attempt.startedAt(), attempt.endedAt()).toMillis(),
          attempt.node(),
          attempt.fence());
    }
  }

  @GetMapping("/deliveries/{id}")
  String show(@AuthenticationPrincipal Caller caller, @PathVariable String id, Model model) {
    Instant now = clock.instant();
    model.addAttribute(
        "delivery",
        deliveries
            .find(caller.workspace(), id, now)
            .orElseThrow(() -> PulsegridException.notFound("delivery", id)));
    List<Call> calls =
        publishing.attempts(caller.workspace(), id).reversed().stream()
            .map(attempt -> Call.of(attempt, now))
            .toList();
    model.addAttribute("calls", calls);
    model.addAttribute("mayChange", caller.may(Scope.WRITE));
    return "delivery";
  }

  @PostMapping("/deliveries/{id}/{decision}")
  String decide(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @PathVariable String decision,
      RedirectAttributes to,
      HttpServletResponse response,
      Model model) {
    caller.require(Scope.WRITE);
    try {
      switch (decision) {
        case "retry" -> publishing.retry(caller.workspace(), id);
        case "cancel" -> publishing.cancelDelivery(caller.workspace(), id);
        case "there" -> publishing.confirm(caller.workspace(), id, true, null);
        case "not-there" -> publishing.confirm(caller.workspace(), id, false, null);
        default -> throw PulsegridException.notFound("decision", decision);
      }
    } catch (PulsegridException overtaken) {
      if (overtaken.code() != FailureCode.CONFLICT) {
        throw overtaken;
      }
      // It moved on since the page was drawn: the page shows how, and the audit that nothing came.
      response.setStatus(FailureCode.CONFLICT.httpStatus());
      return show(caller, id, model);
    }
    to.addAttribute("id", id);
    return "redirect:/deliveries/{id}";
  }
}
