package io.pulsegrid.node.store.posts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;

/** The floor under which collected posts are gone, and their deletion. */
public final class RetentionStore {
  private final DataSource database;

  // The floor only rises, so a stale read keeps a post a little longer and never loses one.
  private volatile Instant floor = Instant.EPOCH;

  public RetentionStore(DataSource database) {
    this.database = database;
  }

  /** The floor as last read or raised here: posts collected before it are gone. */
  public Instant floor() {
    return floor;
  }

  /** Raises the floor in Postgres, never lowers it, and answers where it stands. */
  public Instant raise(Instant to) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "UPDATE retention_floor SET posts = greatest(posts, ?) RETURNING posts")) {
      statement.setTimestamp(1, Timestamp.from(to));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        floor = row.getTimestamp(1).toInstant();
        return floor;
      }
    }
  }

  /** Deletes up to {@code limit} posts below the floor, with their vectors; how many. */
  public int deleteBelowFloor(int limit) throws SQLException {
    String sql =
        """
        WITH old AS (
          SELECT id FROM post WHERE collected_at < (SELECT posts FROM retention_floor) LIMIT ?),
        vectors AS (DELETE FROM post_vector WHERE post_id IN (SELECT id FROM old)),
        parked AS (DELETE FROM parked_post WHERE parked_at < (SELECT posts FROM retention_floor))
        DELETE FROM post WHERE id IN (SELECT id FROM old)
        """;
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, limit);
      return statement.executeUpdate();
    }
  }

  /** Forgets up to {@code limit} deletions that are older than {@code age}; how many. */
  public int forgetTombstones(Duration age, int limit) throws SQLException {
    String sql =
        """
        DELETE FROM post_tombstone WHERE id IN (
          SELECT id FROM post_tombstone WHERE deleted_at <= now() - ? * interval '1 millisecond'
          LIMIT ?)
        """;
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, age.toMillis());
      statement.setInt(2, limit);
      return statement.executeUpdate();
    }
  }
}
