package io.pulsegrid.node.store.posts;

import io.pulsegrid.node.grid.wire.VectorWire;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
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

  private static RowStream.Binding bound(Collection<Integer> buckets, Instant floor) {
    return statement -> {
      statement.setArray(1, statement.getConnection().createArrayOf("int2", buckets.toArray()));
      statement.setTimestamp(2, Timestamp.from(floor));
    };
  }
}
