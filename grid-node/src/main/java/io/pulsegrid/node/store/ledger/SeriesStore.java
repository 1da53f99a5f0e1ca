package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.publish.Series;
import io.pulsegrid.core.time.When;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** Where series are kept, and how far each is written as posts. */
public final class SeriesStore {
  private static final String SELECT =
      """
      SELECT s.*, v.keys, v.texts FROM series s LEFT JOIN LATERAL (
        SELECT array_agg(key ORDER BY key) AS keys, array_agg(value ORDER BY key) AS texts
        FROM jsonb_each_text(s.variants)) v ON true
      """;

  private final JdbcOperations jdbc;

  SeriesStore(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A series with how far it is written.
   *
   * @param writtenUntil on its wall
   */
  public record Progress(Series series, LocalDateTime writtenUntil) {}

  /** A post of a series that nothing was sent for yet, as far as its own row tells. */
  public record Upcoming(String post, LocalDateTime occurrence, long version) {}

  public void add(Progress progress) {
    Series series = progress.series();
    jdbc.update(
        """
        INSERT INTO series (id, workspace, created_at, text, variants, channels, first_at, zone,
          rule, priority, expires_after_seconds, written_until)
        VALUES (?, ?, ?, ?, jsonb_object(?, ?), ?, ?, ?, ?, ?, ?, ?)
        """,
        statement -> {
          statement.setString(1, series.id());
          statement.setString(2, series.workspace().value());
          statement.setObject(3, series.createdAt().atOffset(ZoneOffset.UTC));
          int next = bindPlan(statement, 4, series.plan());
          statement.setObject(next, progress.writtenUntil());
        });
  }

  /** Overwrites what comes from now on; raises the version. */
  public void change(String id, Series.Plan plan, LocalDateTime writtenUntil) {
    jdbc.update(
        """
        UPDATE series SET text = ?, variants = jsonb_object(?, ?), channels = ?, first_at = ?,
          zone = ?, rule = ?, priority = ?, expires_after_seconds = ?, written_until = ?,
          last_error = NULL, version = version + 1 WHERE id = ?
        """,
        statement -> {
          int next = bindPlan(statement, 1, plan);
          statement.setObject(next, writtenUntil);
          statement.setString(next + 1, id);
        });
  }

  public void end(String id) {
    jdbc.update("UPDATE series SET ended = true, version = version + 1 WHERE id = ?", id);
  }

  /** Posts until then are written; what went wrong with one of them, if anything did. */
  public void written(String id, LocalDateTime until, @Nullable String lastError) {
    jdbc.update(
        "UPDATE series SET written_until = ?, last_error = ? WHERE id = ?", until, lastError, id);
  }

  /** Nobody else changes it or writes its posts until the transaction ends. */
  public Optional<Progress> lock(WorkspaceId workspace, String id) {
    return jdbc
        .query(
            SELECT + " WHERE s.workspace = ? AND s.id = ? FOR UPDATE OF s",
            (row, _) -> progress(row),
            workspace.value(),
            id)
        .stream()
        .findFirst();
  }

  /**
   * One that is not written until then and that nobody else is writing, locked; any of them, so
   * that one that cannot be written holds up no other.
   */
  public Optional<Progress> lockNext(LocalDateTime least) {
    return jdbc
        .query(
            SELECT
                + """
                 WHERE NOT s.ended AND s.written_until < ?
                 ORDER BY random() LIMIT 1 FOR UPDATE OF s SKIP LOCKED
                """,
            (row, _) -> progress(row),
            least)
        .stream()
        .findFirst();
  }

  public Optional<Progress> find(WorkspaceId workspace, String id) {
    return StoreAway.told(
        () ->
            jdbc
                .query(
                    SELECT + " WHERE s.workspace = ? AND s.id = ?",
                    (row, _) -> progress(row),
                    workspace.value(),
                    id)
                .stream()
                .findFirst());
  }

  /** Oldest first. */
  public Page<Series> list(WorkspaceId workspace, PageRequest page) {
    AgeCursor after = AgeCursor.of(page);
    List<Series> found =
        StoreAway.told(
            () ->
                jdbc.query(
                    SELECT
                        + " WHERE s.workspace = ? AND (s.created_at, s.id) > (?, ?)"
                        + " ORDER BY s.created_at, s.id LIMIT ?",
                    (row, _) -> progress(row).series(),
                    workspace.value(),
                    after.time(),
                    after.id(),
                    page.limit() + 1));
    return Page.cut(found, page.limit(), one -> AgeCursor.after(one.createdAt(), one.id()));
  }

  /** The occurrences after a time that are posts already, or that a person took out. */
  public Set<LocalDateTime> occurrencesAfter(String id, LocalDateTime after) {
    return new HashSet<>(
        jdbc.queryForList(
            "SELECT occurrence FROM scheduled_post WHERE series = ? AND occurrence > ?",
            LocalDateTime.class,
            id,
            after));
  }

  /** Its posts that have something left to send, the next first. */
  public List<Upcoming> open(String id) {
    return jdbc.query(
        """
        SELECT s.id, s.occurrence, s.version FROM scheduled_post s
        WHERE s.series = ? AND s.occurrence IS NOT NULL AND EXISTS (SELECT FROM delivery d
          WHERE d.scheduled_post = s.id
          AND d.state IN ('DRAFT', 'AWAITING_APPROVAL', 'SCHEDULED', 'RETRY'))
        ORDER BY s.occurrence
        """,
        (row, _) ->
            new Upcoming(
                row.getString("id"),
                row.getObject("occurrence", LocalDateTime.class),
                row.getLong("version")),
        id);
  }

  /** The post is no longer an occurrence: the series may have another in its place. */
  public void release(String post) {
    jdbc.update("UPDATE scheduled_post SET occurrence = NULL WHERE id = ?", post);
  }

  private static int bindPlan(PreparedStatement statement, int first, Series.Plan plan)
      throws SQLException {
    ScheduledPost.Draft draft = plan.draft();
    List<String> platforms = List.copyOf(draft.variants().keySet());
    int at = first;
    statement.setString(at++, draft.text());
    at = Columns.of(platforms).text(name -> name).text(draft.variants()::get).bind(statement, at);
    at = Columns.of(draft.channels()).text(id -> id).bind(statement, at);
    switch (draft.when()) {
      case When.Local when -> {
        statement.setObject(at++, when.local());
        statement.setString(at++, when.zone().getId());
      }
      case When.ChannelLocal when -> {
        statement.setObject(at++, when.local());
        statement.setString(at++, null);
      }
      default -> throw new IllegalStateException("a series begins on the wall");
    }
    statement.setString(at++, plan.rule());
    statement.setInt(at++, draft.priority());
    statement.setLong(at++, draft.expiresAfter().toSeconds());
    return at;
  }

  private static Progress progress(ResultSet row) throws SQLException {
    LocalDateTime first = row.getObject("first_at", LocalDateTime.class);
    @Nullable String zone = row.getString("zone");
    ScheduledPost.Draft draft =
        new ScheduledPost.Draft(
            row.getString("text"),
            PostRow.strings(row, "channels"),
            zone == null ? new When.ChannelLocal(first) : new When.Local(first, ZoneId.of(zone)),
            PostRow.variants(row),
            row.getInt("priority"),
            Duration.ofSeconds(row.getLong("expires_after_seconds")));
    return new Progress(
        new Series(
            row.getString("id"),
            new WorkspaceId(row.getString("workspace")),
            new Series.Plan(draft, row.getString("rule")),
            row.getBoolean("ended"),
            row.getString("last_error"),
            row.getLong("version"),
            Rows.instant(row, "created_at")),
        row.getObject("written_until", LocalDateTime.class));
  }
}
