package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Cursor;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;

/** Where a page of posts or deliveries goes on: after this instant and id. */
record PagePosition(OffsetDateTime at, String id) {
  static PagePosition of(String cursor) {
    List<String> keys = Cursor.decode(cursor, 2);
    try {
      return new PagePosition(Instant.parse(keys.get(0)).atOffset(ZoneOffset.UTC), keys.get(1));
    } catch (DateTimeParseException e) {
      throw PulsegridException.of(
          FailureCode.MALFORMED, "cursor: not one that this list gave; start again without it", e);
    }
  }
}
