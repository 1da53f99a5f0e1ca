package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.trend.SummaryWriter.Material;
import io.pulsegrid.core.trend.TrendId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Summaries that a model wrote, what they cost, and whose turn it is to ask for the next. Every
 * method throws {@code UNAVAILABLE} while Postgres does not answer.
 */
public final class SummaryStore {
  private static final String CLAIM =
      """
      WITH next AS (
        SELECT t.id, t.workspace FROM trend t LEFT JOIN trend_summary s ON s.trend_id = t.id
        WHERE t.touched_at > now() - interval '1 hour' AND t.state <> 'FADING'
          AND t.post_count >= ?
          AND (s.trend_id IS NULL OR (s.claimed_until < now()
            AND (s.content_hash IS NULL OR t.post_count >= 2 * s.posts OR t.post_count < s.posts)))
        ORDER BY t.score DESC, t.id LIMIT 1
      ), mine AS (
        INSERT INTO trend_summary AS s (trend_id, workspace, claimed_until)
        SELECT id, workspace, now() + ? * interval '1 millisecond' FROM next
        ON CONFLICT (trend_id) DO UPDATE SET claimed_until = excluded.claimed_until
        WHERE s.claimed_until < now()
        RETURNING s.trend_id
      )
      SELECT t.id, t.workspace, t.label, t.keywords, t.post_count FROM trend t JOIN mine
        ON mine.trend_id = t.id
      """;

  private static final String POSTS =
      """
      SELECT coalesce(nullif(title, ''), text) AS told FROM post
      WHERE workspace = ? AND trend_id = ANY (ARRAY(
          SELECT alias FROM trend_alias WHERE trend_id = ?) || ?::text)
        AND duplicate_of IS NULL
      ORDER BY likes + comments + shares DESC, id LIMIT ?
      """;

  private static final String RESERVE =
      """
      INSERT INTO summary_spend AS s (day, tokens)
      VALUES ((now() AT TIME ZONE 'UTC')::date, ?)
      ON CONFLICT (day) DO UPDATE SET tokens = s.tokens + excluded.tokens
      WHERE s.tokens + excluded.tokens <= ?
      RETURNING day
      """;

  private static final Duration COME_BACK = Duration.ofSeconds(5);

  private final DataSource database;

  public SummaryStore(DataSource database) {
    this.database = database;
  }

  /** A trend that is this caller's to sum up. */
  public record Claimed(TrendId trend, Material material, long posts) {}

  /** Tokens taken from a day's budget, which is UTC's. */
  public record Reserved(LocalDate day, long tokens) {}

  /**
   * The strongest trend that has no summary, or has doubled or was split since; nobody else is
   * given it before {@code hold} is over. Empty where there is none, or another was quicker.
   */
  public Optional<Claimed> claim(long minPosts, Duration hold, int mostPosts) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(CLAIM)) {
      statement.setLong(1, minPosts);
      statement.setLong(2, hold.toMillis());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        String trend = row.getString("id");
        List<String> posts = posts(connection, row.getString("workspace"), trend, mostPosts);
        Material material =
            new Material(row.getString("label"), texts(row.getArray("keywords")), posts);
        return Optional.of(new Claimed(new TrendId(trend), material, row.getLong("post_count")));
      }
    } catch (SQLException e) {
      throw away(e);
    }
  }

  private static List<String> posts(Connection connection, String workspace, String trend, int most)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(POSTS)) {
      statement.setString(1, workspace);
      statement.setString(2, trend);
      statement.setString(3, trend);
      statement.setInt(4, most);
      List<String> posts = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          posts.add(rows.getString(1));
        }
      }
      return posts;
    }
  }

  /** Whether this very material was summed up before; then the trend shows that. */
  public boolean reuse(Claimed claimed, String contentHash) {
    return update(
            """
            UPDATE trend_summary SET content_hash = ?, posts = ?, failures = 0, claimed_until = now()
            WHERE trend_id = ? AND EXISTS (SELECT FROM summary_text WHERE content_hash = ?)
            """,
            contentHash,
            claimed.posts(),
            claimed.trend().value(),
            contentHash)
        > 0;
  }

  /**
   * Takes tokens from the day's budget before a call. A crash after it leaves them spent, so that
   * the budget is never over. Empty where there are not enough left.
   */
  public Optional<Reserved> reserve(long tokens, long perDay) {
    if (tokens > perDay) {
      return Optional.empty();
    }
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(RESERVE)) {
      statement.setLong(1, tokens);
      statement.setLong(2, perDay);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(new Reserved(row.getObject("day", LocalDate.class), tokens))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw away(e);
    }
  }

  /** Puts right what a call took less, or more, than was reserved for it, on the day it was. */
  public void spent(Reserved reserved, long tokens) {
    int _ =
        update(
            "UPDATE summary_spend SET tokens = greatest(0, tokens + ?) WHERE day = ?",
            tokens - reserved.tokens(),
            reserved.day());
  }

  /**
   * Keeps a summary; the trend shows it from now on. A crash between the two is mended by reuse.
   */
  public void keep(Claimed claimed, String contentHash, String model, String text, long tokens) {
    int _ =
        update(
            """
            INSERT INTO summary_text (content_hash, model, text, tokens) VALUES (?, ?, ?, ?)
            ON CONFLICT (content_hash) DO NOTHING
            """,
            contentHash,
            model,
            text,
            tokens);
    boolean _ = reuse(claimed, contentHash);
  }

  /**
   * A claim that came to nothing: it is tried again after a pause that doubles, six hours at most.
   */
  public void failed(Claimed claimed) {
    int _ =
        update(
            """
            UPDATE trend_summary SET failures = failures + 1,
              claimed_until = now() + least(interval '6 hours', interval '1 minute' * 2 ^ least(failures, 9))
            WHERE trend_id = ?
            """,
            claimed.trend().value());
  }

  /** Leaves a claim for whoever comes next. */
  public void giveBack(Claimed claimed) {
    int _ =
        update(
            "UPDATE trend_summary SET claimed_until = now() WHERE trend_id = ?",
            claimed.trend().value());
  }

  /**
   * What there is for these trends. That of a trend with fewer posts than when it was written tells
   * also of what a split took along, and is not for it.
   */
  public Map<TrendId, String> of(WorkspaceId workspace, Collection<TrendId> trends) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                SELECT s.trend_id, x.text FROM trend_summary s JOIN summary_text x
                  USING (content_hash) JOIN trend t ON t.id = s.trend_id
                  WHERE s.workspace = ? AND s.trend_id = ANY (?) AND t.post_count >= s.posts
                """)) {
      statement.setString(1, workspace.value());
      statement.setArray(
          2,
          connection.createArrayOf(
              "text", trends.stream().map(TrendId::value).toArray(String[]::new)));
      Map<TrendId, String> texts = new HashMap<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          texts.put(new TrendId(rows.getString(1)), rows.getString(2));
        }
      }
      return texts;
    } catch (SQLException e) {
      throw away(e);
    }
  }

  /** Forgets what is older than {@code kept}, and what belongs to trends that are gone. */
  public int forget(Duration kept) {
    return update(
            "DELETE FROM summary_text WHERE made_at < now() - ? * interval '1 millisecond'",
            kept.toMillis())
        + update(
            """
            DELETE FROM trend_summary s WHERE claimed_until < now() - interval '1 hour'
              AND NOT EXISTS (SELECT FROM trend t WHERE t.id = s.trend_id)
            """)
        + update("DELETE FROM summary_spend WHERE day < now() - interval '40 days'");
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }

  private int update(String sql, Object... arguments) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw away(e);
    }
  }

  private static PulsegridException away(SQLException e) {
    return PulsegridException.unavailable(
        "the store does not answer just now; ask again", COME_BACK, e);
  }
}
