package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.grid.wire.VectorWire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Posts and vectors as their rows say them. */
final class PostRows {
  static final String COLUMNS =
      "id, workspace, platform, native_id, url, author, title, text, lang, category, tags, likes,"
          + " comments, shares, views, published_at, collected_at, source, fingerprint,"
          + " duplicate_of, trend_id, stage, sequence, epoch, number";

  private PostRows() {}

  /** Of {@link #COLUMNS}. */
  static StoredPost post(ResultSet row) throws SQLException {
    @Nullable String duplicateOf = row.getString("duplicate_of");
    @Nullable String trend = row.getString("trend_id");
    Content content =
        new Content(
            row.getString("platform"),
            row.getString("native_id"),
            row.getString("url"),
            row.getString("author"),
            row.getString("title"),
            row.getString("text"),
            row.getString("lang"),
            row.getString("category"),
            List.of((String[]) row.getArray("tags").getArray()));
    Post post =
        new Post(
            new PostId(row.getString("id")),
            new WorkspaceId(row.getString("workspace")),
            content,
            new Engagement(
                row.getLong("likes"),
                row.getLong("comments"),
                row.getLong("shares"),
                row.getLong("views")),
            row.getTimestamp("published_at").toInstant(),
            row.getTimestamp("collected_at").toInstant(),
            new Post.Progress(
                Stage.of(row.getInt("stage")),
                row.getLong("sequence"),
                row.getString("source"),
                duplicateOf == null ? null : new PostId(duplicateOf),
                trend == null ? null : new TrendId(trend)));
    return new StoredPost(
        post,
        row.getString("fingerprint"),
        new Revision(row.getLong("epoch"), row.getLong("number")));
  }

  /** Of post_id, model, vector, sequence. */
  static VectorWire vector(ResultSet row) throws SQLException {
    return VectorWire.of(row.getString(2), floats(row.getBytes(3)), row.getLong(4), false);
  }

  private static float[] floats(byte[] bytes) {
    float[] floats = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
