package io.pulsegrid.api.telling;

import io.pulsegrid.api.posts.PostView;
import io.pulsegrid.api.publishing.DeliveryView;
import io.pulsegrid.api.trends.TrendView;
import io.pulsegrid.core.telling.Event;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** What happened, as every subscriber reads it: the resource as it stood then. */
@Component
public final class EventBody {
  private final JsonMapper json;

  /** Writes with the front's own mapper, so that events look as the resources do. */
  public EventBody(JsonMapper json) {
    this.json = json;
  }

  /** The resource in JSON. */
  public String of(Event.Subject subject) {
    return json.writeValueAsString(
        switch (subject) {
          case Event.Subject.OfPost post -> PostView.of(post.post());
          case Event.Subject.OfTrend trend -> TrendView.of(trend.trend());
          case Event.Subject.OfDelivery delivery -> DeliveryView.of(delivery.delivery());
          case Event.Subject.OfAlert alert -> AlertView.of(alert.alert());
        });
  }
}
