package io.pulsegrid.node.store.access;

import io.pulsegrid.core.access.Audit;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Cursor;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The audit over the table {@code audit}. Its commits wait for no disk: Postgres writes its log in
 * order, so that an entry is safe no later than the change that follows it, and costs no flush.
 */
public final class StoredAudit implements Audit {
  private static final String QUICKLY =
      "WITH quickly AS (SELECT set_config('synchronous_commit', 'off', true)) ";
  private static final int REFUSED = 400;
  private static final int FAILED = 500;
  private static final Logger log = LoggerFactory.getLogger(StoredAudit.class);

  private final JdbcClient jdbc;

  public StoredAudit(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public long begin(Change change) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    QUICKLY
                        + """
                          INSERT INTO audit (workspace, key_id, key_name, origin, method, path)
                          SELECT ?, ?, coalesce((SELECT name FROM api_key WHERE id = ?), ''), ?, ?, ?
                          FROM quickly RETURNING id
                          """)
                .params(
                    change.workspace().value(),
                    change.keyId(),
                    change.keyId(),
                    change.origin(),
                    change.method(),
                    change.path())
                .query(Long.class)
                .single());
  }

  @Override
  public void end(long entry, int status, String subject) {
    try {
      if (status >= REFUSED && status < FAILED) {
        jdbc.sql(QUICKLY + "DELETE FROM audit USING quickly WHERE id = ?").param(entry).update();
      } else {
        jdbc.sql(QUICKLY + "UPDATE audit SET status = ?, subject = ? FROM quickly WHERE id = ?")
            .params(status, subject, entry)
            .update();
      }
    } catch (RuntimeException e) {
      // The change is made, and its caller must be told so.
      log.warn("Entry {} of the audit stays without its outcome {}", entry, status, e);
    }
  }

  @Override
  public Page<Entry> list(WorkspaceId workspace, PageRequest page) {
    String cursor = page.cursor();
    long before =
        cursor == null
            ? Long.MAX_VALUE
            : Cursor.whole(Cursor.decode(cursor, 1).getFirst(), Long.MAX_VALUE);
    List<Entry> found =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        SELECT * FROM audit WHERE workspace = ? AND id < ?
                        ORDER BY id DESC LIMIT ?
                        """)
                    .params(workspace.value(), before, page.limit() + 1)
                    .query((row, _) -> entry(row))
                    .list());
    return Page.cut(found, page.limit(), one -> Cursor.encode(Long.toString(one.id())));
  }

  /** Forgets up to {@code limit} entries that are older than {@code age}; how many. */
  public int forget(Duration age, int limit) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    DELETE FROM audit WHERE id IN (
                      SELECT id FROM audit WHERE at < now() - make_interval(secs => ?)
                      ORDER BY at LIMIT ?)
                    """)
                .params(age.toSeconds(), limit)
                .update());
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        row.getLong("id"),
        AgeCursor.instant(row, "at"),
        new Change(
            row.getString("key_id"),
            new WorkspaceId(row.getString("workspace")),
            row.getString("origin"),
            row.getString("method"),
            row.getString("path")),
        row.getString("key_name"),
        row.getObject("status", Integer.class),
        row.getString("subject"));
  }
}
