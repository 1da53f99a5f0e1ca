package io.pulsegrid.node.store;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Cursor;
import io.pulsegrid.core.page.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** A position in a list that runs from the oldest row to the youngest. */
public record AgeCursor(Instant createdAt, String id) {
  /** Before every row. */
  private static final AgeCursor START = new AgeCursor(Instant.EPOCH, "");

  /**
   * Where a page begins.
   *
   * @throws PulsegridException {@code MALFORMED} for a cursor that no list gave
   */
  public static AgeCursor of(PageRequest page) {
    String cursor = page.cursor();
    if (cursor == null) {
      return START;
    }
    List<String> keys = Cursor.decode(cursor, 2);
    return new AgeCursor(Cursor.instant(keys.getFirst()), keys.getLast());
  }

  /** The cursor that continues after a row. */
  public static String after(Instant createdAt, String id) {
    return Cursor.encode(createdAt, id);
  }

  /** The time as the driver takes it. */
  public OffsetDateTime time() {
    return createdAt.atOffset(ZoneOffset.UTC);
  }

  /** A {@code timestamptz} of a row. */
  public static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
