package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.page.Cursor;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** Where a page of posts or deliveries goes on: after this instant and id. */
record PagePosition(OffsetDateTime at, String id) {
  static PagePosition of(String cursor) {
    List<String> keys = Cursor.decode(cursor, 2);
    return new PagePosition(Cursor.instant(keys.get(0)).atOffset(ZoneOffset.UTC), keys.get(1));
  }
}
