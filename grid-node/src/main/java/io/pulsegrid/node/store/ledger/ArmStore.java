package io.pulsegrid.node.store.ledger;

import io.pulsegrid.node.store.StoreAway;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.RowCallbackHandler;

/** Where a delivery is armed: the one statement that decides who may call. */
public final class ArmStore {
  private static final String ARM =
      """
      WITH given AS (
        SELECT * FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::timestamptz[], ?::text[])
          AS g (id, fence, timeout_millis, arm_before, event)
      ), armed AS (
        UPDATE delivery d SET
          state = 'ARMED', fence = d.fence + 1, arm_token = ?, armed_by = ?, armed_at = now(),
          lease_until = now() + make_interval(secs => (g.timeout_millis + ?) / 1000.0),
          last_event = g.event, changed_at = now()
        FROM given g, scheduled_post s, channel c
        WHERE d.id = g.id AND d.fence = g.fence AND d.state IN ('SCHEDULED', 'RETRY')
          AND d.due_at <= now() AND d.expires_at > now() AND now() <= g.arm_before
          AND (d.doubt_since IS NULL
            OR d.resend_until > now() + make_interval(secs => g.timeout_millis / 1000.0))
          AND s.id = d.scheduled_post AND c.id = d.channel AND NOT c.paused
          AND (c.renewing_until IS NULL OR c.renewing_until <= now())
          AND NOT EXISTS (SELECT FROM queue_switch WHERE paused)
          AND NOT EXISTS (SELECT FROM platform_pause p WHERE p.platform = d.platform)
        RETURNING %s, %s, d.last_event, delivery_event(d) AS payload
      ), told AS (
        INSERT INTO outbox (id, workspace, subject, payload)
        SELECT last_event, workspace, 'delivery', payload FROM armed
      )
      SELECT * FROM armed
      """
          .formatted(Rows.DELIVERY, Rows.CALL);

  private static final String ARMED_UNDER =
      """
      SELECT %s, %s FROM delivery d
      JOIN scheduled_post s ON s.id = d.scheduled_post
      JOIN channel c ON c.id = d.channel
      WHERE d.id = ANY (?) AND d.arm_token = ? AND d.state = 'ARMED'
      """
          .formatted(Rows.DELIVERY, Rows.CALL);

  private final JdbcOperations jdbc;
  private final Duration slack;

  /**
   * @param slack how much longer than its call a lease lasts
   */
  public ArmStore(JdbcOperations jdbc, Duration slack) {
    this.jdbc = jdbc;
    this.slack = slack;
  }

  /**
   * A delivery somebody would like to send.
   *
   * @param fence as it was read; whoever changed the delivery since wins
   * @param timeout how long its call may take
   * @param armBefore until when leave to send it holds, in the store's time: a node that was
   *     stopped since it was given arms nothing
   * @param event the id under which the arm is told
   */
  public record Wish(
      String delivery, long fence, Duration timeout, Instant armBefore, String event) {}

  /**
   * Arms those that still stand as they were read, are due and not late, whose leave still holds
   * and that nothing pauses. After an exception it is unknown whether it took place: ask {@link
   * #armedUnder}.
   *
   * @param token this arm's own, never used before
   * @param process who makes the calls
   */
  public List<Sendable> arm(List<Wish> wishes, String token, String process) {
    Columns<Wish> columns =
        Columns.of(wishes)
            .text(Wish::delivery)
            .number(Wish::fence)
            .number(wish -> wish.timeout().toMillis())
            .instant(Wish::armBefore)
            .text(Wish::event);
    // Two nodes may want the same, in two orders, just after one of them came or went.
    return StoreAway.told(
        () ->
            StoreAway.saidAgain(
                () ->
                    jdbc.query(
                        ARM,
                        statement -> {
                          int next = columns.bind(statement, 1);
                          statement.setString(next, token);
                          statement.setString(next + 1, process);
                          statement.setLong(next + 2, slack.toMillis());
                        },
                        (row, _) -> Rows.sendable(row))));
  }

  /** Where the calls of a channel go. */
  public record Address(String platform, URI baseUrl) {}

  /** Where the calls of these channels go; those that are gone are left out. */
  public Map<String, Address> addresses(List<String> channels) {
    Columns<String> columns = Columns.of(channels).text(id -> id);
    Map<String, Address> addresses = new HashMap<>();
    RowCallbackHandler note =
        row ->
            addresses.put(
                row.getString("id"),
                new Address(row.getString("platform"), URI.create(row.getString("base_url"))));
    return StoreAway.told(
        () -> {
          jdbc.query(
              "SELECT id, platform, base_url FROM channel WHERE id = ANY (?)",
              statement -> columns.bind(statement, 1),
              note);
          return addresses;
        });
  }

  /** What an arm whose reply was lost has armed, as long as nobody settled or swept it. */
  public List<Sendable> armedUnder(String token, List<String> deliveries) {
    Columns<String> columns = Columns.of(deliveries).text(id -> id);
    return StoreAway.told(
        () ->
            jdbc.query(
                ARMED_UNDER,
                statement -> statement.setString(columns.bind(statement, 1), token),
                (row, _) -> Rows.sendable(row)));
  }
}
