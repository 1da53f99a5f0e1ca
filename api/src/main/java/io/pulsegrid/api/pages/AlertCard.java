package io.pulsegrid.api.pages;

import io.pulsegrid.core.telling.Alert;
import java.time.Instant;

/**
 * A channel or a webhook that waits for a person, on a page. Deliveries and trends are shown by
 * themselves.
 *
 * @param state as its badge says it
 */
record AlertCard(String id, String state, String text, Moment at) {
  static AlertCard of(Alert alert, Instant now) {
    String state =
        switch (alert.kind()) {
          case CHANNEL_PAUSED -> "paused";
          case WEBHOOK_PARKED -> "parked";
          case MISSED, FAILED, UNCONFIRMED, TREND_EMERGED ->
              throw new IllegalArgumentException("deliveries and trends are shown by themselves");
        };
    return new AlertCard(alert.id(), state, alert.sentence(), Moment.of(alert.at(), now));
  }
}
