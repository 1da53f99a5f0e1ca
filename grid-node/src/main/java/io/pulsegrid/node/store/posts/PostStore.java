package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.grid.wire.VectorWire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The rows of posts and their vectors. Every method is one transaction, safe for many threads, and
 * throws {@link SQLException} as it came: the caller knows whether to wait, split or give up.
 */
public final class PostStore {
  private static final String SEPARATOR = "\u001f";

  private static final String UPSERT_POSTS =
      """
      INSERT INTO post AS t (id, bucket, workspace, platform, native_id, url, author, title, text,
        lang, category, tags, likes, comments, shares, views, published_at, collected_at, source,
        fingerprint, duplicate_of, trend_id, stage, sequence, epoch, number)
      SELECT id, bucket, workspace, platform, native_id, url, author, title, text, lang, category,
        string_to_array(tags, U&'\\001f'), likes, comments, shares, views, published_at,
        collected_at, source, fingerprint, duplicate_of, trend_id, stage, sequence, epoch, number
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        AS r (id, bucket, workspace, platform, native_id, url, author, title, text, lang, category,
        tags, likes, comments, shares, views, published_at, collected_at, source, fingerprint,
        duplicate_of, trend_id, stage, sequence, epoch, number)
      WHERE collected_at >= (SELECT posts FROM retention_floor)
        AND NOT EXISTS (SELECT FROM post_tombstone d
          WHERE d.id = r.id AND (d.epoch, d.number) >= (r.epoch, r.number))
      ON CONFLICT (id) DO UPDATE SET (url, author, title, text, lang, category, tags, likes,
        comments, shares, views, published_at, fingerprint, duplicate_of, trend_id, stage, sequence,
        epoch, number)
        = (excluded.url, excluded.author, excluded.title, excluded.text, excluded.lang,
        excluded.category, excluded.tags, excluded.likes, excluded.comments, excluded.shares,
        excluded.views, excluded.published_at, excluded.fingerprint, excluded.duplicate_of,
        excluded.trend_id, excluded.stage, excluded.sequence, excluded.epoch, excluded.number)
      WHERE (excluded.epoch, excluded.number) > (t.epoch, t.number)
      """;

  private static final String UPSERT_VECTORS =
      """
      INSERT INTO post_vector AS t (post_id, bucket, model, vector, sequence)
      SELECT * FROM unnest(?, ?, ?, ?, ?)
      ON CONFLICT (post_id) DO UPDATE SET (model, vector, sequence)
        = (excluded.model, excluded.vector, excluded.sequence)
      WHERE excluded.sequence >= t.sequence
      """;

  // Both orders of arrival end alike: a row that the revision seen here does not cover stays.
  private static final String DELETE =
      """
      WITH seen AS (SELECT * FROM unnest(?, ?, ?) AS s (id, epoch, number)),
      tombstones AS (
        INSERT INTO post_tombstone AS t (id, epoch, number) SELECT id, epoch, number FROM seen
        ON CONFLICT (id) DO UPDATE
        SET (epoch, number, deleted_at) = (excluded.epoch, excluded.number, now())
        WHERE (excluded.epoch, excluded.number) > (t.epoch, t.number)),
      gone AS (
        DELETE FROM post p USING seen
        WHERE p.id = seen.id AND (p.epoch, p.number) <= (seen.epoch, seen.number)
        RETURNING p.id)
      DELETE FROM post_vector WHERE post_id IN (SELECT id FROM gone)
      """;

  private final DataSource database;

  public PostStore(DataSource database) {
    this.database = database;
  }

  /**
   * Stores posts, each unless a later revision is there.
   *
   * @return those of which a later revision is there
   */
  public Set<PostId> upsert(List<StoredPost> unordered) throws SQLException {
    // In one order everywhere: two statements that lock the same rows in two orders deadlock.
    List<StoredPost> posts = new ArrayList<>(unordered);
    posts.sort(Comparator.comparing(p -> p.post().id().value()));
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(UPSERT_POSTS)) {
      new ColumnArrays<>(statement, posts)
          .column("text", p -> p.post().id().value())
          .column("int2", p -> (short) p.post().id().bucket())
          .column("text", p -> p.post().workspace().value())
          .column("text", p -> p.post().content().platform())
          .column("text", p -> p.post().content().nativeId())
          .column("text", p -> p.post().content().url())
          .column("text", p -> p.post().content().author())
          .column("text", p -> p.post().content().title())
          .column("text", p -> p.post().content().text())
          .column("text", p -> p.post().content().lang())
          .column("text", p -> p.post().content().category())
          .column("text", p -> String.join(SEPARATOR, p.post().content().tags()))
          .column("int8", p -> p.post().engagement().likes())
          .column("int8", p -> p.post().engagement().comments())
          .column("int8", p -> p.post().engagement().shares())
          .column("int8", p -> p.post().engagement().views())
          .times(p -> p.post().publishedAt())
          .times(p -> p.post().collectedAt())
          .column("text", p -> p.post().progress().source())
          .column("text", StoredPost::fingerprint)
          .column("text", p -> valueOf(p.post().progress().duplicateOf()))
          .column("text", p -> valueOf(p.post().progress().trendId()))
          .column("int2", p -> (short) p.post().progress().stage().rank())
          .column("int8", p -> p.post().progress().sequence())
          .column("int8", p -> p.revision().epoch())
          .column("int8", p -> p.revision().number());
      if (statement.executeUpdate() == posts.size()) {
        return Set.of();
      }
    }
    return ahead(posts);
  }

  /** Those posts of which the store has a later revision; rows or what deleting them left. */
  private Set<PostId> ahead(List<StoredPost> posts) throws SQLException {
    Map<String, Revision> ours = new HashMap<>();
    posts.forEach(p -> ours.put(p.post().id().value(), p.revision()));
    Set<PostId> ahead = new HashSet<>();
    query(
        """
        SELECT id, epoch, number FROM post WHERE id = ANY(?)
        UNION ALL SELECT id, epoch, number + 1 FROM post_tombstone WHERE id = ANY(?)
        """, // what was deleted outranks the very revision that was deleted
        s -> {
          Array ids = s.getConnection().createArrayOf("text", ours.keySet().toArray());
          s.setArray(1, ids);
          s.setArray(2, ids);
        },
        row -> {
          Revision stored = new Revision(row.getLong(2), row.getLong(3));
          if (stored.compareTo(ours.getOrDefault(row.getString(1), stored)) > 0) {
            ahead.add(new PostId(row.getString(1)));
          }
        });
    return ahead;
  }

  /** Stores vectors by post id, each unless a later one is there: one statement. */
  public void upsertVectors(Map<String, VectorWire> vectors) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(UPSERT_VECTORS)) {
      new ColumnArrays<>(statement, List.copyOf(new TreeMap<>(vectors).entrySet()))
          .column("text", Map.Entry::getKey)
          .column("int2", v -> (short) new PostId(v.getKey()).bucket())
          .column("text", v -> v.getValue().model())
          .bytes(v -> bytes(v.getValue().vector()))
          .column("int8", v -> v.getValue().sequence());
      statement.executeUpdate();
    }
  }

  /** Keeps a row aside that {@code post} refuses, as bytes, which are never refused. */
  public void park(StoredPost post, String reason) throws SQLException {
    String content = post.post().content() + "\n" + post.post().publishedAt();
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                INSERT INTO parked_post (id, workspace, reason, content) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE
                SET reason = excluded.reason, content = excluded.content, parked_at = now()
                """)) {
      statement.setString(1, post.post().id().value());
      statement.setString(2, post.post().workspace().value());
      statement.setString(3, reason.replace("\u0000", "\\0"));
      statement.setBytes(4, content.getBytes(StandardCharsets.UTF_8));
      statement.executeUpdate();
    }
  }

  /** The posts of some ids that are stored, in no order. */
  public List<StoredPost> find(Collection<PostId> ids) throws SQLException {
    List<StoredPost> found = new ArrayList<>();
    query(
        "SELECT " + PostRows.COLUMNS + " FROM post WHERE id = ANY(?)",
        s -> s.setArray(1, s.getConnection().createArrayOf("text", values(ids))),
        row -> found.add(PostRows.post(row)));
    return found;
  }

  /** A post of a workspace. */
  public Optional<StoredPost> find(WorkspaceId workspace, PostId id) throws SQLException {
    return find(List.of(id)).stream()
        .filter(p -> p.post().workspace().equals(workspace))
        .findFirst();
  }

  /**
   * Deletes posts and their vectors. Each leaves a tombstone of its revision, so that a late write
   * of a node that was cut off brings nothing back.
   */
  public void delete(Map<PostId, Revision> seen) throws SQLException {
    if (seen.isEmpty()) {
      return;
    }
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(DELETE)) {
      new ColumnArrays<>(statement, List.copyOf(seen.entrySet()))
          .column("text", e -> e.getKey().value())
          .column("int8", e -> e.getValue().epoch())
          .column("int8", e -> e.getValue().number());
      statement.executeUpdate();
    }
  }

  /** The revisions with which some posts were deleted, of those that were. */
  public Map<String, Revision> tombstones(Collection<PostId> ids) throws SQLException {
    Map<String, Revision> tombstones = new HashMap<>();
    query(
        "SELECT id, epoch, number FROM post_tombstone WHERE id = ANY(?)",
        s -> s.setArray(1, s.getConnection().createArrayOf("text", values(ids))),
        row -> tombstones.put(row.getString(1), new Revision(row.getLong(2), row.getLong(3))));
    return tombstones;
  }

  /** The vectors of some posts that are stored. */
  public Map<String, VectorWire> findVectors(Collection<PostId> ids) throws SQLException {
    Map<String, VectorWire> found = new HashMap<>();
    query(
        "SELECT post_id, model, vector, sequence FROM post_vector WHERE post_id = ANY(?)",
        s -> s.setArray(1, s.getConnection().createArrayOf("text", values(ids))),
        row -> found.put(row.getString(1), PostRows.vector(row)));
    return found;
  }

  /** The highest sequence that any post has had, as far as the store knows; 0 without any. */
  public long highestSequence() throws SQLException {
    long[] highest = {0};
    RowStream.read(
        database,
        """
        SELECT greatest(coalesce((SELECT max(sequence) FROM post), 0),
          coalesce((SELECT max(last_sequence) FROM cluster_checkpoint), 0))
        """,
        s -> {},
        row -> highest[0] = row.getLong(1));
    return highest[0];
  }

  /** A number for a node's start, which no other start on this store has had. */
  public long nextStart() throws SQLException {
    long[] next = {0};
    query("SELECT nextval('incarnation')", s -> {}, row -> next[0] = row.getLong(1));
    return next[0];
  }

  private static byte[] bytes(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(vector.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return bytes.array();
  }

  private void query(String sql, RowStream.Binding binding, RowStream.Reader reader)
      throws SQLException {
    RowStream.read(database, sql, binding, reader);
  }

  private static Object[] values(Collection<PostId> ids) {
    return ids.stream().map(PostId::value).toArray();
  }

  private static @Nullable String valueOf(@Nullable PostId id) {
    return id == null ? null : id.value();
  }

  private static @Nullable String valueOf(@Nullable TrendId id) {
    return id == null ? null : id.value();
  }
}
