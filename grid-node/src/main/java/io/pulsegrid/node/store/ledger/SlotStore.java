package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.publish.Channel;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.JdbcOperations;

/** The weekly slots of channels and which of them are taken. Its callers bring the transaction. */
public final class SlotStore {
  private final JdbcOperations jdbc;

  SlotStore(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * The slots of channels. Until the transaction ends nobody else is given slots of these channels,
   * and nobody changes them; asked for in one order by everyone, so that nobody waits in a circle.
   */
  public Map<String, List<Channel.Slot>> lockSlots(Collection<String> channels) {
    Columns<String> columns = Columns.of(List.copyOf(channels)).text(id -> id);
    jdbc.query(
        "SELECT id FROM channel WHERE id = ANY (?) ORDER BY id FOR NO KEY UPDATE",
        statement -> columns.bind(statement, 1),
        _ -> {});
    Map<String, List<Channel.Slot>> slots = new HashMap<>();
    // A statement of its own: it sees what was committed while the locks were waited for.
    jdbc.query(
        """
        SELECT c.id, s ->> 'day' AS day, s ->> 'time' AS time
        FROM channel c CROSS JOIN LATERAL jsonb_array_elements(c.slots) s WHERE c.id = ANY (?)
        """,
        statement -> columns.bind(statement, 1),
        row -> {
          slots
              .computeIfAbsent(row.getString("id"), _ -> new ArrayList<>())
              .add(
                  new Channel.Slot(
                      day(row.getString("day")), LocalTime.parse(row.getString("time"))));
        });
    return slots;
  }

  /** When each of these channels speaks already, after an instant: in a slot or not. */
  public Map<String, Set<Instant>> takenAfter(Collection<String> channels, Instant after) {
    Columns<String> columns = Columns.of(List.copyOf(channels)).text(id -> id);
    Map<String, Set<Instant>> taken = new HashMap<>();
    jdbc.query(
        """
        WITH w AS (SELECT unnest(?::text[]) AS channel, ?::timestamptz AS after)
        SELECT d.channel, d.slot_at AS at FROM w JOIN delivery d
          ON d.channel = w.channel AND d.slot_at > w.after AND d.state <> 'CANCELLED'
        UNION ALL
        SELECT d.channel, d.due_at AS at FROM w JOIN delivery d
          ON d.channel = w.channel AND d.due_at > w.after AND d.state IN ('SCHEDULED', 'RETRY')
          AND d.asked_at IS NULL
        """,
        statement ->
            statement.setObject(columns.bind(statement, 1), after.atOffset(ZoneOffset.UTC)),
        row -> {
          taken
              .computeIfAbsent(row.getString("channel"), _ -> new HashSet<>())
              .add(Rows.instant(row, "at"));
        });
    return taken;
  }

  private static DayOfWeek day(String written) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().startsWith(written)) {
        return day;
      }
    }
    throw new IllegalStateException("a stored slot names a day, was " + written);
  }
}
