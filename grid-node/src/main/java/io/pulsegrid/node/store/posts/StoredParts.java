package io.pulsegrid.node.store.posts;

import io.pulsegrid.node.grid.wire.VectorWire;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * The tables of posts and vectors, read in the parts that they are stored in, each of which can be
 * read beside the others. A post and its vector are in parts of the same number.
 */
public final class StoredParts {
  /** How many parts the tables have, as the migration that made them says. */
  public static final int COUNT = 8;

  private final DataSource database;

  public StoredParts(DataSource database) {
    this.database = database;
  }

  /** Every post of a part and of some buckets that was collected since {@code floor}, streamed. */
  public void posts(int part, Collection<Integer> buckets, Instant floor, Consumer<StoredPost> sink)
      throws SQLException {
    RowStream.read(
        database,
        "SELECT %s FROM post_%d WHERE bucket = ANY(?) AND collected_at >= ?"
            .formatted(PostRows.COLUMNS, part),
        bound(buckets, floor),
        row -> sink.accept(PostRows.post(row)));
  }

  /** The vector of every post that {@link #posts} gives, by its id, streamed. */
  public void vectors(
      int part, Collection<Integer> buckets, Instant floor, BiConsumer<String, VectorWire> sink)
      throws SQLException {
    RowStream.read(
        database,
        """
        SELECT v.post_id, v.model, v.vector, v.sequence FROM post_vector_%1$d v
        JOIN post_%1$d p ON p.id = v.post_id WHERE v.bucket = ANY(?) AND p.collected_at >= ?
        """
            .formatted(part),
        bound(buckets, floor),
        row -> sink.accept(row.getString(1), PostRows.vector(row)));
  }

  /**
   * What the posts of a time weigh.
   *
   * @param posts how many there are
   * @param textBytes of the texts of one, on average
   * @param withVector what share of them has a vector of its own
   */
  public record Weight(long posts, double textBytes, double withVector) {}

  /** What the posts collected since {@code floor} weigh; their averages are those of the newest. */
  public Weight weigh(Instant floor) throws SQLException {
    return one(
        """
        SELECT (SELECT count(*) FROM post WHERE collected_at >= ?),
          coalesce(avg(octet_length(concat(url, author, title, text, category,
            array_to_string(tags, '')))), 0),
          coalesce(avg((duplicate_of IS NULL)::int), 1)
        FROM (SELECT * FROM post ORDER BY collected_at DESC LIMIT 10000) newest
        """,
        statement -> statement.setTimestamp(1, Timestamp.from(floor)),
        row -> new Weight(row.getLong(1), row.getDouble(2), row.getDouble(3)));
  }

  /**
   * The moment since when no more than {@code count} posts were collected, {@code floor} or later.
   */
  public Instant sinceOfNewest(Instant floor, long count) throws SQLException {
    // Whole milliseconds, rounded up: those that came in the same one are all left out.
    return one(
        """
        SELECT coalesce((SELECT date_trunc('milliseconds', collected_at) + interval '1 millisecond'
          FROM post WHERE collected_at >= ? ORDER BY collected_at DESC OFFSET ? LIMIT 1), ?)
        """,
        statement -> {
          statement.setTimestamp(1, Timestamp.from(floor));
          statement.setLong(2, count);
          statement.setTimestamp(3, Timestamp.from(floor));
        },
        row -> row.getTimestamp(1).toInstant());
  }

  /** Reads a row. */
  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> T one(String sql, RowStream.Binding binding, Reader<T> reader) throws SQLException {
    List<T> only = new ArrayList<>();
    RowStream.read(database, sql, binding, row -> only.add(reader.read(row)));
    return only.getFirst();
  }

  private static RowStream.Binding bound(Collection<Integer> buckets, Instant floor) {
    return statement -> {
      statement.setArray(1, statement.getConnection().createArrayOf("int2", buckets.toArray()));
      statement.setTimestamp(2, Timestamp.from(floor));
    };
  }
}
