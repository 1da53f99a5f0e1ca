package io.pulsegrid.api.telling;

import io.pulsegrid.api.ApiSettings;
import io.pulsegrid.api.access.BearerToken;
import io.pulsegrid.api.web.Fields;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Keys;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Alerts;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.telling.EventKind;
import io.pulsegrid.core.telling.Events;
import io.pulsegrid.core.telling.Subscriptions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The stream of events. A stream holds its request's thread, which is a virtual one, for as long as
 * the client listens.
 */
@RestController
@Tag(name = "events", description = "What happens, as it happens")
final class EventsController {
  private final Events events;
  private final Subscriptions subscriptions;
  private final Alerts alerts;
  private final Keys keys;
  private final EventFrames frames;
  private final ApiSettings settings;
  private final InstantSource clock;
  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();

  EventsController(
      Events events,
      Subscriptions subscriptions,
      Alerts alerts,
      Keys keys,
      EventBody body,
      ApiSettings settings,
      InstantSource clock) {
    this.events = events;
    this.subscriptions = subscriptions;
    this.alerts = alerts;
    this.keys = keys;
    this.frames = new EventFrames(body);
    this.settings = settings;
    this.clock = clock;
  }

  @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  @Operation(
      summary = "Listen to events (SSE)",
      description =
          "Each event's data is the resource as it stood then. After a break, send the last id seen"
              + " as Last-Event-ID: ten minutes are kept, of a subscription all its alerts. A reader too slow is told what waits for it,"
              + " then let go, and can come back like that. A comment every 15 s shows that the stream lives.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(type = "string"),
              examples =
                  @ExampleObject(
                      "id: 0198a3e2\nevent: delivery\ndata: {\"id\":\"...\",\"state\":\"PUBLISHED\"}\n\n")))
  void listen(
      @AuthenticationPrincipal Caller caller,
      @Parameter(description = "post, trend, delivery, alert by commas; all if absent")
          @RequestParam(required = false)
          @Nullable String types,
      @Parameter(
              description =
                  "the id of a subscription without a target: only alerts of the trends that it"
                      + " asks for")
          @RequestParam(required = false)
          @Nullable String subscription,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    Fields fields = new Fields();
    Set<EventKind> kinds =
        fields.read(
            "types",
            types,
            EventsController::kinds,
            "some of post, trend, delivery, alert by commas");
    if (subscription != null) {
      if (types != null && kinds != null && !kinds.equals(EnumSet.of(EventKind.ALERT))) {
        fields.reject("types", "must be alert or absent where a subscription is given");
      }
      if (subscriptions.find(caller.workspace(), subscription).isEmpty()) {
        fields.reject("subscription", "there is none with this id");
      }
    }
    fields.settle();
    BooleanSupplier alive = () -> BearerToken.of(request).flatMap(keys::authenticate).isPresent();
    EventStream stream =
        new EventStream(
            subscription == null
                ? event -> kinds == null || kinds.contains(EventKind.of(event.subject()))
                : event -> isOf(event, subscription),
            frames);
    String from = lastEventId == null || lastEventId.isBlank() ? null : lastEventId;
    // A subscription's stream goes on from the alerts that are kept, however long it was away.
    open.add(stream);
    try (var _ =
        events.subscribe(
            caller.workspace(), subscription == null ? from : null, stream::tell, stream::finish)) {
      Iterator<Event> missed =
          subscription == null || from == null
              ? Collections.emptyIterator()
              : new MissedAlerts(
                  page -> alerts.after(caller.workspace(), subscription, from, page));
      response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
      response.setCharacterEncoding("UTF-8");
      response.setHeader("Cache-Control", "no-store");
      response.setHeader("X-Accel-Buffering", "no");
      stream.pump(response.getOutputStream(), missed, settings.heartbeat(), clock, alive);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(stream);
    }
  }

  private static boolean isOf(Event event, String subscription) {
    return event.subject() instanceof Event.Subject.OfAlert(Alert alert)
        && subscription.equals(alert.concerns().subscription());
  }

  private static Set<EventKind> kinds(String names) {
    return Arrays.stream(names.split(","))
        .map(EventKind::read)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(EventKind.class)));
  }

  /** Lets every listener go when the node stops, so that its last requests can end. */
  @EventListener(ContextClosedEvent.class)
  void endAll() {
    open.forEach(EventStream::end);
  }
}
