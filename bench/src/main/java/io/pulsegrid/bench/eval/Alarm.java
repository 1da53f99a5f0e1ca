package io.pulsegrid.bench.eval;

import java.time.Instant;

/**
 * An alert, and how many of the posts that it speaks of were on the event.
 *
 * @param about what it speaks of: a trend's id or a word
 */
record Alarm(String about, Instant at, int onTopic, int posts) {
  /** Whether it is the event's: at least half of its posts are. */
  boolean ofEvent() {
    return 2 * onTopic >= posts;
  }
}
