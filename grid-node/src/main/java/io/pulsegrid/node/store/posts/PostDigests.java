package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.wire.Revision;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/**
 * One number a bucket for the posts and vectors that Postgres holds: equal sets of (id, revision)
 * give equal sums, whoever adds them up and in whatever order.
 */
public final class PostDigests {
  // 60 bits of MD5: Java and SQL agree on it, and 1,024 sums of a few million never overflow
  // unnoticed, since both sides wrap alike (the SQL sum is taken modulo 2^60).
  private static final String POSTS =
      """
      SELECT bucket, count(*),
        mod(sum(('x' || substr(md5(id || ':' || epoch || ':' || number), 1, 15))::bit(60)::bigint),
          1152921504606846976)::bigint
      FROM post WHERE collected_at >= ? GROUP BY bucket
      """;

  private static final String VECTORS =
      """
      SELECT v.bucket, count(*),
        mod(sum(('x' || substr(md5(v.post_id || ':' || v.sequence || ':0'), 1, 15))::bit(60)::bigint),
          1152921504606846976)::bigint
      FROM post_vector v JOIN post p ON p.id = v.post_id WHERE p.collected_at >= ? GROUP BY v.bucket
      """;

  private final DataSource database;

  public PostDigests(DataSource database) {
    this.database = database;
  }

  /** The sums of the posts collected since {@code floor}. */
  public BucketSums posts(Instant floor) throws SQLException {
    return sums(POSTS, floor);
  }

  /** The sums of their vectors; a vector's revision is (sequence, 0). */
  public BucketSums vectors(Instant floor) throws SQLException {
    return sums(VECTORS, floor);
  }

  /** The revisions of the posts of some buckets, for when their sums differ. */
  public Map<String, Revision> revisions(BitSet buckets, Instant floor) throws SQLException {
    Map<String, Revision> revisions = new HashMap<>();
    rows(
        "SELECT id, epoch, number FROM post WHERE bucket = ANY(?) AND collected_at >= ?",
        buckets,
        floor,
        row -> revisions.put(row.getString(1), new Revision(row.getLong(2), row.getLong(3))));
    return revisions;
  }

  /** The sequences of their vectors. */
  public Map<String, Long> vectorSequences(BitSet buckets, Instant floor) throws SQLException {
    Map<String, Long> sequences = new HashMap<>();
    rows(
        """
        SELECT v.post_id, v.sequence FROM post_vector v JOIN post p ON p.id = v.post_id
        WHERE v.bucket = ANY(?) AND p.collected_at >= ?
        """,
        buckets,
        floor,
        row -> sequences.put(row.getString(1), row.getLong(2)));
    return sequences;
  }

  private void rows(String sql, BitSet buckets, Instant floor, RowStream.Reader reader)
      throws SQLException {
    RowStream.read(
        database,
        sql,
        statement -> {
          Object[] numbers = buckets.stream().boxed().toArray();
          statement.setArray(1, statement.getConnection().createArrayOf("int2", numbers));
          statement.setTimestamp(2, Timestamp.from(floor));
        },
        reader);
  }

  private BucketSums sums(String sql, Instant floor) throws SQLException {
    BucketSums sums = new BucketSums();
    RowStream.read(
        database,
        sql,
        statement -> statement.setTimestamp(1, Timestamp.from(floor)),
        row -> sums.addSum(row.getInt(1), row.getLong(2), row.getLong(3)));
    return sums;
  }

  /** Counts and sums a bucket. Not safe for many threads. */
  public static final class BucketSums {
    private static final long MODULUS = 1L << 60;

    private final long[] counts = new long[PostId.BUCKETS];
    private final long[] sums = new long[PostId.BUCKETS];
    private final MessageDigest md5 = md5();

    /** Adds one row. */
    public void add(PostId id, Revision revision) {
      byte[] digest =
          md5.digest(
              (id.value() + ":" + revision.epoch() + ":" + revision.number())
                  .getBytes(StandardCharsets.UTF_8));
      addSum(id.bucket(), 1, ByteBuffer.wrap(digest).getLong() >>> 4);
    }

    /** Adds what was added up elsewhere. */
    public void addAll(long[] otherCounts, long[] otherSums) {
      for (int bucket = 0; bucket < counts.length; bucket++) {
        addSum(bucket, otherCounts[bucket], otherSums[bucket]);
      }
    }

    private void addSum(int bucket, long count, long sum) {
      counts[bucket] += count;
      sums[bucket] = (sums[bucket] + sum) & (MODULUS - 1);
    }

    /** Whether both hold the same rows of a bucket. */
    public boolean sameIn(int bucket, BucketSums other) {
      return counts[bucket] == other.counts[bucket] && sums[bucket] == other.sums[bucket];
    }

    /** How many rows were added. */
    public long total() {
      long total = 0;
      for (long count : counts) {
        total += count;
      }
      return total;
    }

    public long[] counts() {
      return counts.clone();
    }

    public long[] sums() {
      return sums.clone();
    }

    private static MessageDigest md5() {
      try {
        return MessageDigest.getInstance("MD5");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has MD5", e);
      }
    }
  }
}
