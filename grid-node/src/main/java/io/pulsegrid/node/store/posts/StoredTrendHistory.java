package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Cursor;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendHistory;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The trends of then over the table {@code trend_snapshot}. */
public final class StoredTrendHistory implements TrendHistory {
  /**
   * Each trend that there is or was, with its latest row up to a time of the given kind. One may
   * have had more posts then than it has now, as a part of it may have left.
   */
  private static final String THEN =
      """
      SELECT s.*, t.summary, t.history, <turns>
      FROM (SELECT id FROM trend
        WHERE workspace = :workspace AND post_count >= least(:minPosts, 2)
        UNION ALL
        SELECT a.alias FROM trend_alias a JOIN trend t ON t.id = a.trend_id
        WHERE t.workspace = :workspace) known
      CROSS JOIN LATERAL (SELECT * FROM trend_snapshot s
        WHERE s.trend = known.id AND s.workspace = :workspace AND s.<time> <= :at
        ORDER BY s.<time> DESC, s.recorded_at DESC LIMIT 1) s
      LEFT JOIN trend t ON t.id = s.trend
      WHERE NOT s.gone AND s.post_count >= :minPosts AND (:state::text IS NULL OR s.state = :state)
      """;

  private static final String ONE =
      """
      SELECT s.*, t.summary, t.history, <turns> FROM trend_snapshot s LEFT JOIN trend t ON t.id = s.trend
      WHERE s.trend = :trend AND s.workspace = :workspace AND s.<time> <= :at
      ORDER BY s.<time> DESC, s.recorded_at DESC LIMIT 1
      """;

  /** The states that a trend was saved in up to then, in the form of a trend's history. */
  private static final String TURNS =
      """
      (SELECT jsonb_agg(jsonb_build_object('state', state, 'at',
          to_char(event_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY place)
        FROM (SELECT state, event_at, row_number() OVER w AS place, lag(state) OVER w AS before
          FROM trend_snapshot r WHERE r.trend = s.trend AND NOT r.gone AND r.<time> <= :at
          WINDOW w AS (ORDER BY r.<time>, r.recorded_at)) r
        WHERE before IS DISTINCT FROM state) AS turns
      """;

  private final JdbcClient jdbc;

  public StoredTrendHistory(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A trend of then, and whether it was merged away by then. */
  private record Row(Trend trend, boolean gone) {}

  @Override
  public Past list(
      WorkspaceId workspace,
      Instant at,
      @Nullable TrendState state,
      long minPosts,
      PageRequest page) {
    Instant since = recordedSince(workspace);
    boolean byPosts = since == null || at.isBefore(since);
    String cursor = page.cursor();
    List<String> after = cursor == null ? List.of() : Cursor.decode(cursor, 3);
    StringBuilder sql = new StringBuilder(timed(THEN, byPosts));
    if (!after.isEmpty()) {
      sql.append(
          """
           AND (s.score < :score OR (s.score = :score
            AND (s.post_count < :posts OR (s.post_count = :posts AND s.trend > :trend))))
          """);
    }
    sql.append(" ORDER BY s.score DESC, s.post_count DESC, s.trend LIMIT :limit");
    JdbcClient.StatementSpec statement =
        jdbc.sql(sql.toString())
            .param("workspace", workspace.value())
            .param("at", at.atOffset(ZoneOffset.UTC))
            .param("state", state == null ? null : state.name())
            .param("minPosts", minPosts)
            .param("limit", page.limit() + 1);
    if (!after.isEmpty()) {
      statement =
          statement
              .param("score", Cursor.number(after.get(0)))
              .param("posts", Cursor.whole(after.get(1), Long.MAX_VALUE))
              .param("trend", after.get(2));
    }
    JdbcClient.StatementSpec asked = statement;
    List<Trend> trends = StoreAway.told(() -> asked.query((row, _) -> row(row).trend()).list());
    return new Past(
        Page.cut(
            trends,
            page.limit(),
            last -> Cursor.encode(last.score(), last.postCount(), last.id().value())),
        since,
        byPosts);
  }

  @Override
  public Optional<Trend> find(WorkspaceId workspace, TrendId id, Instant at) {
    Instant since = recordedSince(workspace);
    boolean byPosts = since == null || at.isBefore(since);
    Optional<Row> own = one(workspace, id.value(), at, byPosts);
    if (own.isPresent() && !own.get().gone()) {
      return own.map(Row::trend);
    }
    return survivor(id)
        .flatMap(now -> one(workspace, now, at, byPosts))
        .filter(row -> !row.gone())
        .map(Row::trend);
  }

  private Optional<String> survivor(TrendId id) {
    return StoreAway.told(
        () ->
            jdbc.sql("SELECT trend_id FROM trend_alias WHERE alias = ?")
                .params(id.value())
                .query(String.class)
                .optional());
  }

  private Optional<Row> one(WorkspaceId workspace, String trend, Instant at, boolean byPosts) {
    return StoreAway.told(
        () ->
            jdbc.sql(timed(ONE, byPosts))
                .param("trend", trend)
                .param("workspace", workspace.value())
                .param("at", at.atOffset(ZoneOffset.UTC))
                .query((row, _) -> row(row))
                .optional());
  }

  private @Nullable Instant recordedSince(WorkspaceId workspace) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    SELECT recorded_at FROM trend_snapshot WHERE workspace = ?
                    ORDER BY recorded_at LIMIT 1
                    """)
                .params(workspace.value())
                .query((row, _) -> AgeCursor.instant(row, "recorded_at"))
                .optional()
                .orElse(null));
  }

  /** Forgets up to {@code limit} rows that are older than {@code age}; how many. */
  public int forget(Duration age, int limit) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    DELETE FROM trend_snapshot WHERE (trend, recorded_at) IN (
                      SELECT trend, recorded_at FROM trend_snapshot
                      WHERE recorded_at < now() - make_interval(secs => ?)
                      ORDER BY recorded_at LIMIT ?)
                    """)
                .params(age.toSeconds(), limit)
                .update());
  }

  /**
   * Thins the record out: of what is older than an hour the last row of each minute and state
   * stays, of what is older than a day that of each hour. Looks back far enough to make up for a
   * few hours in which nobody did.
   */
  public void thin() {
    thin("minute", Duration.ofHours(1), Duration.ofHours(4));
    thin("hour", Duration.ofHours(24), Duration.ofHours(30));
  }

  private void thin(String unit, Duration youngest, Duration oldest) {
    int _ =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        DELETE FROM trend_snapshot WHERE (trend, recorded_at) IN (
                          SELECT trend, recorded_at FROM (
                            SELECT trend, recorded_at, row_number() OVER (
                              PARTITION BY trend, date_trunc(?, recorded_at), state, gone
                              ORDER BY recorded_at DESC) AS place
                            FROM trend_snapshot
                            WHERE recorded_at < now() - make_interval(secs => ?)
                              AND recorded_at >= now() - make_interval(secs => ?)) r
                          WHERE place > 1)
                        """)
                    .params(unit, youngest.toSeconds(), oldest.toSeconds())
                    .update());
  }

  private static String timed(String sql, boolean byPosts) {
    return sql.replace("<turns>", TURNS).replace("<time>", byPosts ? "event_at" : "recorded_at");
  }

  private static Row row(ResultSet row) throws SQLException {
    Instant then = AgeCursor.instant(row, "event_at");
    String summary = row.getString("summary");
    TrendState state = TrendState.valueOf(row.getString("state"));
    Trend trend =
        new Trend(
            new TrendId(row.getString("trend")),
            new WorkspaceId(row.getString("workspace")),
            new Trend.Wording(
                row.getString("label"),
                Arrays.asList((String[]) row.getArray("keywords").getArray()),
                summary == null ? "" : summary),
            state,
            row.getDouble("score"),
            row.getLong("post_count"),
            TrendJson.platforms(row.getString("platforms")),
            row.getObject("first_seen", OffsetDateTime.class).toInstant(),
            row.getObject("last_seen", OffsetDateTime.class).toInstant(),
            history(row, state, then));
    return new Row(trend, row.getBoolean("gone"));
  }

  /**
   * Its turns up to then. A trend keeps only its latest ones: where those of then are not among
   * them any more, the record tells when it was first saved in each state.
   */
  private static List<Trend.Moment> history(ResultSet row, TrendState state, Instant then)
      throws SQLException {
    String history = row.getString("history");
    if (history != null) {
      List<Trend.Moment> exact =
          TrendJson.history(history).stream().filter(moment -> !moment.at().isAfter(then)).toList();
      Optional<TrendState> last =
          exact.reversed().stream()
              .filter(Trend.Moment.Entered.class::isInstance)
              .map(moment -> ((Trend.Moment.Entered) moment).state())
              .findFirst();
      if (last.isPresent() && last.get() == state) {
        return exact;
      }
    }
    return TrendJson.history(row.getString("turns"));
  }
}
