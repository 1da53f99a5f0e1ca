package io.pulsegrid.node.store.ledger;

import io.pulsegrid.node.store.StoreAway;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcOperations;

/** What the ledger itself knows to be waiting, due or late, whatever the grid holds. */
public final class SweepStore {
  // A loose scan: one index probe a channel, however long its queue, so that no channel hides
  // another.
  private static final String CHANNELS =
      """
      WITH RECURSIVE waiting (channel) AS (
        (SELECT d.channel FROM delivery d WHERE d.state IN ('SCHEDULED', 'RETRY')
          ORDER BY d.channel LIMIT 1)
        UNION ALL
        SELECT (SELECT d.channel FROM delivery d WHERE d.state IN ('SCHEDULED', 'RETRY')
          AND d.channel > waiting.channel ORDER BY d.channel LIMIT 1)
        FROM waiting WHERE waiting.channel IS NOT NULL
      )
      """;

  /** As core's Delivery says it. */
  private static final String WANTED =
      "CASE WHEN d.attempts > 0 THEN coalesce(d.asked_at, d.due_at) ELSE d.due_at END";

  private static final String WAITING =
      "d.id, d.channel, d.platform, d.due_at, d.priority, d.fence, %s AS wanted_at"
          .formatted(WANTED);

  private final JdbcOperations jdbc;

  public SweepStore(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A delivery that waits, as it stood when it was read.
   *
   * @param wantedAt since when it is late
   */
  public record Waiting(
      String id,
      String channel,
      String platform,
      Instant dueAt,
      int priority,
      long fence,
      Instant wantedAt) {}

  /**
   * Where a delivery stands among some that wait on its channel.
   *
   * @param all how many there are
   * @param before how many of them go out before it
   */
  public record Place(long all, long before) {}

  /** A channel with something waiting, and when its first is due. */
  public record Head(String channel, String platform, Instant dueAt) {}

  /**
   * What of the ledger is under way or should be.
   *
   * @param late due for more than a minute
   */
  public record Backlog(long due, long late, long armed, long unconfirmed) {
    public static final Backlog NONE = new Backlog(0, 0, 0, 0);
  }

  /** Each part is counted on the index of what it counts. */
  public Backlog backlog() {
    return StoreAway.told(
        () ->
            Objects.requireNonNull(
                jdbc.queryForObject(
                    """
            SELECT
              (SELECT count(*) FROM delivery
                WHERE state IN ('SCHEDULED', 'RETRY') AND due_at <= now()) AS due,
              (SELECT count(*) FROM delivery WHERE state IN ('SCHEDULED', 'RETRY')
                AND due_at <= now() - interval '1 minute') AS late,
              (SELECT count(*) FROM delivery WHERE state = 'ARMED') AS armed,
              (SELECT count(*) FROM delivery WHERE state = 'UNCONFIRMED') AS unconfirmed
            """,
                    (row, _) ->
                        new Backlog(
                            row.getLong("due"),
                            row.getLong("late"),
                            row.getLong("armed"),
                            row.getLong("unconfirmed")))));
  }

  /** Every channel with something waiting. */
  public List<Head> heads() {
    return StoreAway.told(
        () ->
            jdbc.query(
                CHANNELS
                    + """
            SELECT h.* FROM waiting w CROSS JOIN LATERAL (
              SELECT d.channel, d.platform, d.due_at FROM delivery d
              WHERE d.channel = w.channel AND d.state IN ('SCHEDULED', 'RETRY')
              ORDER BY d.due_at LIMIT 1) h
            """,
                (row, _) ->
                    new Head(
                        row.getString("channel"),
                        row.getString("platform"),
                        Rows.instant(row, "due_at"))));
  }

  /**
   * The most urgent of these channels' deliveries that have been due for {@code longer}, where
   * nothing pauses them.
   */
  public List<Waiting> overdueOn(Collection<String> channels, Duration longer, int perChannel) {
    Columns<String> columns = Columns.of(List.copyOf(channels)).text(id -> id);
    return StoreAway.told(
        () ->
            jdbc.query(
                "WITH waiting (channel) AS (SELECT unnest(?::text[]))"
                    + overdue("TRUE", longer, perChannel),
                statement -> columns.bind(statement, 1),
                (row, _) -> waiting(row)));
  }

  /** The same of every channel on which nothing was armed for that long either. */
  public List<Waiting> neglected(Duration longer, int perChannel) {
    String idle =
        """
        NOT EXISTS (SELECT FROM delivery x WHERE x.channel = w.channel
          AND x.armed_at > now() - make_interval(secs => %1$d / 1000.0)
          AND x.changed_at > now() - make_interval(secs => %1$d / 1000.0))\
        """
            .formatted(longer.toMillis());
    return StoreAway.told(
        () -> jdbc.query(CHANNELS + overdue(idle, longer, perChannel), (row, _) -> waiting(row)));
  }

  private static String overdue(String which, Duration longer, int perChannel) {
    return """
         SELECT h.* FROM waiting w JOIN channel c ON c.id = w.channel AND NOT c.paused
          AND NOT EXISTS (SELECT FROM platform_pause p WHERE p.platform = c.platform)
        CROSS JOIN LATERAL (
          SELECT %s FROM delivery d
          WHERE d.channel = w.channel AND d.state IN ('SCHEDULED', 'RETRY')
            AND d.due_at <= now() - make_interval(secs => %d / 1000.0) AND d.expires_at > now()
          ORDER BY d.priority DESC, d.due_at LIMIT %d) h
        WHERE %s
        """
        .formatted(WAITING, longer.toMillis(), perChannel, which);
  }

  /**
   * What waits on these channels and is due before {@code until}, at most {@code limit} a channel.
   */
  public List<Waiting> waitingOn(Collection<String> channels, Instant until, int limit) {
    Columns<String> columns = Columns.of(List.copyOf(channels)).text(id -> id);
    return StoreAway.told(
        () ->
            jdbc.query(
                """
        SELECT h.* FROM unnest(?::text[]) AS w (channel) CROSS JOIN LATERAL (
          SELECT %s FROM delivery d
          WHERE d.channel = w.channel AND d.state IN ('SCHEDULED', 'RETRY') AND d.due_at <= ?
          ORDER BY d.due_at LIMIT ?) h
        """
                    .formatted(WAITING),
                statement -> {
                  int next = columns.bind(statement, 1);
                  statement.setObject(next, until.atOffset(ZoneOffset.UTC));
                  statement.setInt(next + 1, limit);
                },
                (row, _) -> waiting(row)));
  }

  /** These deliveries, as far as they still wait. */
  public List<Waiting> stillWaiting(Collection<String> ids) {
    Columns<String> columns = Columns.of(List.copyOf(ids)).text(id -> id);
    return StoreAway.told(
        () ->
            jdbc.query(
                "SELECT %s FROM delivery d WHERE d.id = ANY (?) AND d.state IN ('SCHEDULED', 'RETRY')"
                    .formatted(WAITING),
                statement -> columns.bind(statement, 1),
                (row, _) -> waiting(row)));
  }

  /** What waits on other channels of some platforms, due before {@code until}, earliest first. */
  public List<Waiting> waitingBeside(
      Collection<String> platforms, Collection<String> channels, Instant until, int limit) {
    Columns<String> names = Columns.of(List.copyOf(platforms)).text(name -> name);
    Columns<String> ids = Columns.of(List.copyOf(channels)).text(id -> id);
    return StoreAway.told(
        () ->
            jdbc.query(
                """
                SELECT %s FROM delivery d WHERE d.state IN ('SCHEDULED', 'RETRY')
                  AND d.platform = ANY (?) AND d.channel <> ALL (?) AND d.due_at < ?
                ORDER BY d.due_at LIMIT ?
                """
                    .formatted(WAITING),
                statement -> {
                  int next = ids.bind(statement, names.bind(statement, 1));
                  statement.setObject(next, until.atOffset(ZoneOffset.UTC));
                  statement.setInt(next + 1, limit);
                },
                (row, _) -> waiting(row)));
  }

  /**
   * How many of a channel's deliveries were published lately that were wanted much earlier, no more
   * than {@code limit}.
   *
   * @param lately since when, and how late
   */
  public int lateOnes(String channel, Duration lately, int limit) {
    return StoreAway.told(
        () ->
            Objects.requireNonNull(
                jdbc.queryForObject(
                    """
            SELECT count(*) FROM (SELECT FROM delivery d
              WHERE d.channel = ? AND d.state = 'PUBLISHED'
                AND d.changed_at > now() - make_interval(secs => ?)
                AND d.changed_at > %s + make_interval(secs => ?) LIMIT ?) late
            """
                        .formatted(WANTED),
                    Integer.class,
                    channel,
                    lately.toSeconds(),
                    lately.toSeconds(),
                    limit)));
  }

  /** Where one stands among those of its channel that wait and were wanted before a time. */
  public Place place(String delivery, Instant wantedBefore) {
    return StoreAway.told(
        () ->
            Objects.requireNonNull(
                jdbc.queryForObject(
                    """
            SELECT count(*) AS all_of_them, count(*) FILTER (WHERE
              (-d.priority, d.due_at, d.id) < (-one.priority, one.due_at, one.id)) AS before
            FROM delivery one JOIN delivery d ON d.channel = one.channel
            WHERE one.id = ? AND d.state IN ('SCHEDULED', 'RETRY') AND %s < ?
            """
                        .formatted(WANTED),
                    (row, _) -> new Place(row.getLong("all_of_them"), row.getLong("before")),
                    delivery,
                    wantedBefore.atOffset(ZoneOffset.UTC))));
  }

  /**
   * Armed, and past the time at which any call under it could still run.
   *
   * @param quiet how long nothing kept callers from writing what calls came to: what a call of the
   *     platform may take has to be over since, with {@code slack} on top
   */
  public List<Charge> leasesExpired(CallTimes times, Duration slack, Duration quiet, int limit) {
    return charges(
        times,
        """
        d.state = 'ARMED' AND d.lease_until < now() AND call_millis <= %d
        ORDER BY d.lease_until\
        """
            .formatted(quiet.minus(slack).toMillis()),
        limit);
  }

  /** Waiting, and too late to be worth sending. */
  public List<Charge> tooLate(int limit) {
    return charges(
        "d.state IN ('SCHEDULED', 'RETRY') AND d.expires_at <= now() ORDER BY d.expires_at", limit);
  }

  /** Waiting to be sent again, which core's Doubt no longer allows. */
  public List<Charge> keysLapsed(CallTimes times, int limit) {
    return charges(
        times,
        """
        d.state IN ('SCHEDULED', 'RETRY') AND d.doubt_since IS NOT NULL
        AND (d.resend_until IS NULL
          OR d.resend_until <= now() + make_interval(secs => call_millis / 1000.0))
        ORDER BY d.resend_until\
        """,
        limit);
  }

  /**
   * @param which may speak of call_millis, how long a call to the delivery's platform may take
   */
  private List<Charge> charges(CallTimes times, String which, int limit) {
    Columns<?> columns = times.columns();
    return StoreAway.told(
        () ->
            jdbc.query(
                """
                SELECT %s FROM delivery d
                LEFT JOIN unnest(?::text[], ?::bigint[]) AS t (name, millis) ON t.name = d.platform
                WHERE %s LIMIT ?
                """
                    .formatted(
                        Rows.DELIVERY,
                        which.replace(
                            "call_millis",
                            "coalesce(t.millis, %d)".formatted(times.otherwise().toMillis()))),
                statement -> statement.setInt(columns.bind(statement, 1), limit),
                (row, _) -> Rows.charge(row)));
  }

  private List<Charge> charges(String which, int limit) {
    return StoreAway.told(
        () ->
            jdbc.query(
                "SELECT %s FROM delivery d WHERE %s LIMIT ?".formatted(Rows.DELIVERY, which),
                (row, _) -> Rows.charge(row),
                limit));
  }

  private static Waiting waiting(java.sql.ResultSet row) throws java.sql.SQLException {
    return new Waiting(
        row.getString("id"),
        row.getString("channel"),
        row.getString("platform"),
        Rows.instant(row, "due_at"),
        row.getInt("priority"),
        row.getLong("fence"),
        Rows.instant(row, "wanted_at"));
  }
}
