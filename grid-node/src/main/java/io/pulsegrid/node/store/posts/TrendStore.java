package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Cursor;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The rows of trends, and the checkpoint that makes them one with the posts they count. */
public final class TrendStore {
  private static final String VIEW =
      "id, workspace, label, keywords, summary, state, score, post_count, platforms, first_seen,"
          + " last_seen, history, evidence";

  private static final String CLAIM =
      """
      WITH before AS (SELECT model FROM cluster_checkpoint WHERE workspace = ?)
      INSERT INTO cluster_checkpoint AS c (workspace, model, writer_epoch, writer_office,
        last_sequence)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (workspace) DO UPDATE
      SET writer_epoch = excluded.writer_epoch, writer_office = excluded.writer_office,
        model = excluded.model
      WHERE c.writer_epoch <= excluded.writer_epoch AND c.writer_office <= excluded.writer_office
      RETURNING last_sequence, (SELECT model FROM before)
      """;

  private static final String ADVANCE =
      """
      UPDATE cluster_checkpoint SET last_sequence = ?
      WHERE workspace = ? AND writer_office = ? AND last_sequence <= ?
      """;

  private static final String UPSERT =
      """
      INSERT INTO trend (id, workspace, label, keywords, summary, state, score, post_count,
        platforms, first_seen, last_seen, history, evidence, working)
      SELECT id, workspace, label, string_to_array(keywords, U&'\\001f'), summary, state, score,
        post_count, platforms::jsonb, first_seen, last_seen, history::jsonb,
        evidence::jsonb, working
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        AS r (id, workspace, label, keywords, summary, state, score, post_count, platforms,
        first_seen, last_seen, history, evidence, working)
      ON CONFLICT (id) DO UPDATE SET (label, keywords, summary, state, score, post_count, platforms,
        first_seen, last_seen, history, evidence, working, touched_at)
        = (excluded.label, excluded.keywords, excluded.summary, excluded.state, excluded.score,
        excluded.post_count, excluded.platforms, excluded.first_seen, excluded.last_seen,
        excluded.history, excluded.evidence, excluded.working, now())
      """;

  private final DataSource database;

  public TrendStore(DataSource database) {
    this.database = database;
  }

  /** The writer has been succeeded by another: it must stop. */
  public static final class Succeeded extends SQLException {
    private static final long serialVersionUID = 1L;

    Succeeded(WorkspaceId workspace) {
      super("another node clusters workspace " + workspace + " now");
    }
  }

  /**
   * Where a writer goes on.
   *
   * @param lastSequence the sequence of the last post that the stored trends have taken in
   * @param sameModel whether the stored trends were made from vectors of the writer's model
   */
  public record Claim(long lastSequence, boolean sameModel) {}

  /**
   * A term of office of the one writer.
   *
   * @param epoch that of the grid as the writer sees it: one that was cut off is behind
   * @param number rises with each term, and is never given twice
   */
  public record Office(long epoch, long number) {}

  /** A new term of office, which holds once a workspace is claimed for it. */
  public Office nextOffice(long epoch) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT nextval('clustering_office')");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new Office(epoch, row.getLong(1));
    }
  }

  /**
   * Makes an office the only one that may save, and tells where it goes on.
   *
   * @param model the embedding model whose vectors will be clustered
   * @param from where a workspace that was never claimed begins: nothing of it has come before
   * @throws Succeeded when a later office, or one of a later epoch, has claimed before
   */
  public Claim claim(WorkspaceId workspace, Office office, String model, long from)
      throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(CLAIM)) {
      statement.setString(1, workspace.value());
      statement.setString(2, workspace.value());
      statement.setString(3, model);
      statement.setLong(4, office.epoch());
      statement.setLong(5, office.number());
      statement.setLong(6, from);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new Succeeded(workspace);
        }
        String before = row.getString(2);
        return new Claim(row.getLong(1), before == null || before.equals(model));
      }
    }
  }

  /**
   * Saves trends and how far they have come, together or not at all.
   *
   * @throws Succeeded when another writer has claimed the workspace; nothing is saved then
   */
  public void save(
      WorkspaceId workspace, Office office, long lastSequence, List<SavedTrend> unordered)
      throws SQLException {
    // In one order, here and where trends are forgotten: otherwise the two deadlock.
    List<SavedTrend> trends = new ArrayList<>(unordered);
    trends.sort(Comparator.comparing(t -> t.trend().id().value()));
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        advance(connection, workspace, office, lastSequence);
        if (!trends.isEmpty()) {
          Emergences.queue(connection, workspace, trends);
          TrendTurns.tell(connection, workspace, trends);
          upsert(connection, trends);
          TrendSnapshots.record(connection, workspace, trends);
          aliases(connection, trends);
          Emergences.end(connection, trends);
        }
        connection.commit();
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  /** Every trend of a workspace, for its clusterer to go on with, oldest first. */
  public void load(WorkspaceId workspace, Consumer<SavedTrend> sink) throws SQLException {
    String sql =
        "SELECT "
            + VIEW
            + ", working, (SELECT string_agg(alias, ',' ORDER BY alias) FROM trend_alias a"
            + " WHERE a.trend_id = t.id) AS aliases"
            + " FROM trend t WHERE workspace = ? ORDER BY first_seen, id";
    RowStream.read(
        database,
        sql,
        statement -> statement.setString(1, workspace.value()),
        row ->
            sink.accept(
                new SavedTrend(
                    trend(row), row.getBytes("working"), ids(row.getString("aliases")))));
  }

  /** The workspaces that have a checkpoint. */
  public List<WorkspaceId> workspaces() throws SQLException {
    List<WorkspaceId> workspaces = new ArrayList<>();
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT workspace FROM cluster_checkpoint ORDER BY 1");
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        workspaces.add(new WorkspaceId(rows.getString(1)));
      }
    }
    return workspaces;
  }

  /** A trend by its id or by that of one merged into it. */
  public Optional<Trend> find(WorkspaceId workspace, TrendId id) throws SQLException {
    String sql =
        "SELECT "
            + VIEW
            + " FROM trend WHERE workspace = ? AND id ="
            + " coalesce((SELECT trend_id FROM trend_alias WHERE alias = ?), ?)";
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, workspace.value());
      statement.setString(2, id.value());
      statement.setString(3, id.value());
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(trend(rows)) : Optional.empty();
      }
    }
  }

  /** Every id that these trends have had, their own included: posts may still carry an old one. */
  public List<TrendId> everyIdOf(Collection<TrendId> ids) throws SQLException {
    return namesOf(ids).values().stream().flatMap(List::stream).toList();
  }

  /** Of some trends what each is now, with every id that it has had, its own included. */
  public Map<TrendId, List<TrendId>> namesOf(Collection<TrendId> ids) throws SQLException {
    String sql =
        """
        WITH now AS (
          SELECT DISTINCT coalesce(a.trend_id, asked.id) AS id
          FROM unnest(?) AS asked (id) LEFT JOIN trend_alias a ON a.alias = asked.id)
        SELECT id, id FROM now UNION ALL
        SELECT a.trend_id, a.alias FROM trend_alias a JOIN now ON a.trend_id = now.id
        """;
    Map<TrendId, List<TrendId>> names = new HashMap<>();
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(
          1, connection.createArrayOf("text", ids.stream().map(TrendId::value).toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names
              .computeIfAbsent(new TrendId(rows.getString(1)), _ -> new ArrayList<>())
              .add(new TrendId(rows.getString(2)));
        }
      }
    }
    return names;
  }

  /** The trends of a workspace, highest score first, then the most posts. */
  public Page<Trend> list(
      WorkspaceId workspace, @Nullable TrendState state, long minPosts, PageRequest page)
      throws SQLException {
    String cursor = page.cursor();
    List<String> after = cursor == null ? List.of() : Cursor.decode(cursor, 3);
    String sql =
        "SELECT "
            + VIEW
            + " FROM trend WHERE workspace = ? AND post_count >= ?"
            + " AND (?::text IS NULL OR state = ?)"
            + (after.isEmpty()
                ? ""
                : " AND (score < ? OR (score = ? AND (post_count < ? OR (post_count = ? AND id >"
                    + " ?))))")
            + " ORDER BY score DESC, post_count DESC, id LIMIT "
            + (page.limit() + 1);
    List<Trend> trends = new ArrayList<>();
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, workspace.value());
      statement.setLong(2, minPosts);
      statement.setString(3, state == null ? null : state.name());
      statement.setString(4, state == null ? null : state.name());
      if (!after.isEmpty()) {
        double score = Cursor.number(after.get(0));
        long posts = Cursor.whole(after.get(1), Long.MAX_VALUE);
        statement.setDouble(5, score);
        statement.setDouble(6, score);
        statement.setLong(7, posts);
        statement.setLong(8, posts);
        statement.setString(9, after.get(2));
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          trends.add(trend(rows));
        }
      }
    }
    return Page.cut(
        trends,
        page.limit(),
        last -> Cursor.encode(last.score(), last.postCount(), last.id().value()));
  }

  /**
   * Forgets trends that nothing has joined since {@code floor}, and ends what was told of them;
   * tells which.
   */
  public List<TrendId> forget(Instant floor, int limit) throws SQLException {
    String sql =
        """
        WITH old AS (
          DELETE FROM trend WHERE id IN
            (SELECT id FROM trend WHERE touched_at < ? ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED)
          RETURNING id),
        aliases AS (
          DELETE FROM trend_alias WHERE trend_id IN (SELECT id FROM old) RETURNING alias),
        over AS (
          UPDATE alert SET over_at = now() WHERE over_at IS NULL AND trend IN
            (SELECT id FROM old UNION ALL SELECT alias FROM aliases))
        SELECT id FROM old
        """;
    List<TrendId> forgotten = new ArrayList<>();
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(floor));
      statement.setInt(2, limit);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          forgotten.add(new TrendId(rows.getString(1)));
        }
      }
    }
    return forgotten;
  }

  private static void advance(
      Connection connection, WorkspaceId workspace, Office office, long lastSequence)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
      statement.setLong(1, lastSequence);
      statement.setString(2, workspace.value());
      statement.setLong(3, office.number());
      statement.setLong(4, lastSequence);
      if (statement.executeUpdate() == 0) {
        throw new Succeeded(workspace);
      }
    }
  }

  private static void upsert(Connection connection, List<SavedTrend> trends) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
      new ColumnArrays<>(statement, trends)
          .column("text", t -> t.trend().id().value())
          .column("text", t -> t.trend().workspace().value())
          .column("text", t -> t.trend().wording().label())
          .column("text", t -> String.join("\u001f", t.trend().wording().keywords()))
          .column("text", t -> t.trend().wording().summary())
          .column("text", t -> t.trend().state().name())
          .column("float8", t -> t.trend().score())
          .column("int8", t -> t.trend().postCount())
          .column("text", t -> TrendJson.platforms(t.trend()))
          .times(t -> t.trend().firstSeen())
          .times(t -> t.trend().lastSeen())
          .column("text", t -> TrendJson.history(t.trend()))
          .column("text", t -> TrendJson.evidence(t.trend()))
          .bytes(SavedTrend::working);
      statement.executeUpdate();
    }
  }

  private static void aliases(Connection connection, List<SavedTrend> trends) throws SQLException {
    record Alias(TrendId alias, TrendId trend) {}
    List<Alias> aliases =
        trends.stream()
            .flatMap(t -> t.aliases().stream().map(a -> new Alias(a, t.trend().id())))
            .toList();
    if (aliases.isEmpty()) {
      return;
    }
    // What led to a trend that is merged now leads on, so that one step always suffices.
    String leadOn =
        """
        UPDATE trend_alias t SET trend_id = m.trend_id
        FROM unnest(?, ?) AS m (alias, trend_id)
        WHERE t.trend_id = m.alias AND t.alias <> m.trend_id
        """;
    String sql =
        """
        WITH merged AS (SELECT * FROM unnest(?, ?) AS m (alias, trend_id)),
        back AS (DELETE FROM trend_alias WHERE alias IN (SELECT trend_id FROM merged)),
        gone AS (DELETE FROM trend WHERE id IN (SELECT alias FROM merged))
        INSERT INTO trend_alias (alias, trend_id) SELECT alias, trend_id FROM merged
        ON CONFLICT (alias) DO UPDATE SET trend_id = excluded.trend_id
        """;
    for (String each : List.of(leadOn, sql)) {
      try (PreparedStatement statement = connection.prepareStatement(each)) {
        new ColumnArrays<>(statement, aliases)
            .column("text", a -> a.alias().value())
            .column("text", a -> a.trend().value());
        statement.executeUpdate();
      }
    }
  }

  private static Trend trend(ResultSet row) throws SQLException {
    return new Trend(
        new TrendId(row.getString("id")),
        new WorkspaceId(row.getString("workspace")),
        new Trend.Wording(
            row.getString("label"),
            List.of((String[]) row.getArray("keywords").getArray()),
            row.getString("summary")),
        TrendState.valueOf(row.getString("state")),
        row.getDouble("score"),
        row.getLong("post_count"),
        TrendJson.platforms(row.getString("platforms")),
        row.getTimestamp("first_seen").toInstant(),
        row.getTimestamp("last_seen").toInstant(),
        TrendJson.history(row.getString("history")),
        TrendJson.evidence(row.getString("evidence")));
  }

  private static List<TrendId> ids(@Nullable String joined) {
    if (joined == null) {
      return List.of();
    }
    List<TrendId> ids = new ArrayList<>();
    for (String id : joined.split(",", -1)) {
      ids.add(new TrendId(id));
    }
    return ids;
  }
}
