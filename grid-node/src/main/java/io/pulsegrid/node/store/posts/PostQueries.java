package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Cursor;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Posts;
import io.pulsegrid.core.trend.TrendId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Lists of posts, newest first, and what is told of many at once, read from Postgres. */
public final class PostQueries {
  /** The near-duplicates of a post, as the index {@code post_by_original} has them. */
  static final String COPIES =
      " FROM post WHERE workspace = ? AND duplicate_of = ? AND collected_at >= ?";

  /** Imported counts may be anything: a sum is cut to what a bigint holds. */
  private static final String SUM = "least(coalesce(sum(%1$s), 0), 9223372036854775807)::bigint";

  static final String SPREAD =
      "SELECT count(*), "
          + String.join(
              ", ",
              SUM.formatted("likes"),
              SUM.formatted("comments"),
              SUM.formatted("shares"),
              SUM.formatted("views"))
          + COPIES;

  private final DataSource database;

  public PostQueries(DataSource database) {
    this.database = database;
  }

  /**
   * A page of the posts that match.
   *
   * @param trends the ids that the asked-for trend has had; empty for any trend
   */
  public Page<StoredPost> list(
      Posts.Query query, Collection<TrendId> trends, Instant floor, PageRequest page)
      throws SQLException {
    StringBuilder sql = new StringBuilder("SELECT * FROM post WHERE workspace = ?");
    List<Object> values = new ArrayList<>();
    values.add(query.workspace().value());
    values.add(Timestamp.from(floor));
    sql.append(" AND collected_at >= ?");
    and(sql, values, " AND platform = ?", query.platform());
    and(sql, values, " AND source = ?", query.source());
    and(sql, values, " AND published_at >= ?", timestamp(query.since()));
    and(sql, values, " AND published_at < ?", timestamp(query.until()));
    if (!trends.isEmpty()) {
      String marks = String.join(",", trends.stream().map(_ -> "?").toList());
      sql.append(" AND trend_id IN (").append(marks).append(')');
      trends.forEach(trend -> values.add(trend.value()));
    }
    return page(sql, values, page);
  }

  /** A page of the near-duplicates of a post. */
  public Page<StoredPost> copies(
      WorkspaceId workspace, PostId original, Instant floor, PageRequest page) throws SQLException {
    return page(
        new StringBuilder("SELECT *" + COPIES),
        new ArrayList<>(ofOriginal(workspace, original, floor)),
        page);
  }

  /** How many near-duplicates a post has, and how they, without it, were answered together. */
  public Posts.Spread spread(WorkspaceId workspace, PostId original, Instant floor)
      throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(SPREAD)) {
      bind(statement, ofOriginal(workspace, original, floor));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Posts.Spread(
            row.getLong(1),
            new Engagement(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)));
      }
    }
  }

  private static List<Object> ofOriginal(WorkspaceId workspace, PostId original, Instant floor) {
    return List.of(workspace.value(), original.value(), Timestamp.from(floor));
  }

  /** A page of what is selected so far. */
  private Page<StoredPost> page(StringBuilder sql, List<Object> values, PageRequest page)
      throws SQLException {
    String cursor = page.cursor();
    if (cursor != null) {
      List<String> keys = Cursor.decode(cursor, 2);
      Timestamp at = Timestamp.from(Cursor.instant(keys.getFirst()));
      sql.append(" AND (published_at < ? OR (published_at = ? AND id > ?))");
      values.add(at);
      values.add(at);
      values.add(keys.getLast());
    }
    sql.append(" ORDER BY published_at DESC, id LIMIT ").append(page.limit() + 1);
    return Page.cut(
        rows(sql.toString(), values),
        page.limit(),
        last -> Cursor.encode(last.post().publishedAt(), last.post().id().value()));
  }

  private List<StoredPost> rows(String sql, List<Object> values) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      List<StoredPost> posts = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          posts.add(PostRows.post(rows));
        }
      }
      return posts;
    }
  }

  private static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }

  private static void and(
      StringBuilder sql, List<Object> values, String condition, @Nullable Object value) {
    if (value != null) {
      sql.append(condition);
      values.add(value);
    }
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }
}
