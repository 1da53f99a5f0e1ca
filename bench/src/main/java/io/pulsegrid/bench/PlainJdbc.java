package io.pulsegrid.bench;

import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;

/** What one would write first: rows bound one by one, sent and committed a thousand at a time. */
final class PlainJdbc {
  private static final int BATCH = 1_000;

  private static final String UPSERT =
      """
      INSERT INTO post (id, bucket, workspace, platform, native_id, url, author, title, text, lang,
        category, tags, likes, comments, shares, views, published_at, collected_at, source,
        fingerprint, duplicate_of, trend_id, stage, sequence, epoch, number)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, NULL, ?, ?,
        ?, ?)
      ON CONFLICT (id) DO UPDATE SET (title, likes, epoch, number)
        = (excluded.title, excluded.likes, excluded.epoch, excluded.number)
      WHERE (excluded.epoch, excluded.number) > (post.epoch, post.number)
      """;

  private final String url;

  /** A loop over one connection to {@code url}. */
  PlainJdbc(String url) {
    this.url = url;
  }

  void store(List<Post> posts) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement statement = connection.prepareStatement(UPSERT)) {
      connection.setAutoCommit(false);
      int waiting = 0;
      for (Post post : posts) {
        bind(statement, post);
        statement.addBatch();
        if (++waiting == BATCH) {
          statement.executeBatch();
          connection.commit();
          waiting = 0;
        }
      }
      statement.executeBatch();
      connection.commit();
    }
  }

  private static void bind(PreparedStatement statement, Post post) throws SQLException {
    Content content = post.content();
    Engagement counts = post.engagement();
    statement.setString(1, post.id().value());
    statement.setInt(2, post.id().bucket());
    statement.setString(3, post.workspace().value());
    statement.setString(4, content.platform());
    statement.setString(5, content.nativeId());
    statement.setString(6, content.url());
    statement.setString(7, content.author());
    statement.setString(8, content.title());
    statement.setString(9, content.text());
    statement.setString(10, content.lang());
    statement.setString(11, content.category());
    statement.setArray(
        12, statement.getConnection().createArrayOf("text", content.tags().toArray()));
    statement.setLong(13, counts.likes());
    statement.setLong(14, counts.comments());
    statement.setLong(15, counts.shares());
    statement.setLong(16, counts.views());
    statement.setTimestamp(17, Timestamp.from(post.publishedAt()));
    statement.setTimestamp(18, Timestamp.from(post.collectedAt()));
    statement.setInt(19, post.progress().stage().rank());
    statement.setLong(20, post.progress().sequence());
    statement.setLong(21, 1);
    statement.setLong(22, 1);
  }
}
