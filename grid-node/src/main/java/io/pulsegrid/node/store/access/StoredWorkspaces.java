package io.pulsegrid.node.store.access;

import io.pulsegrid.core.access.Workspace;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.access.Workspaces;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The workspaces over the table {@code workspace}, oldest first. */
public final class StoredWorkspaces implements Workspaces {
  private final JdbcClient jdbc;

  public StoredWorkspaces(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Page<Workspace> list(PageRequest page) {
    AgeCursor from = AgeCursor.of(page);
    List<Workspace> found =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        SELECT id, created_at FROM workspace WHERE (created_at, id) > (?, ?)
                        ORDER BY created_at, id LIMIT ?
                        """)
                    .params(from.time(), from.id(), page.limit() + 1)
                    .query((row, _) -> workspace(row))
                    .list());
    return Page.cut(found, page.limit(), it -> AgeCursor.after(it.createdAt(), it.id().value()));
  }

  @Override
  public Workspace create(WorkspaceId id) {
    return StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        INSERT INTO workspace (id) VALUES (?) ON CONFLICT DO NOTHING
                        RETURNING id, created_at
                        """)
                    .param(id.value())
                    .query((row, _) -> workspace(row))
                    .optional())
        .orElseThrow(
            () ->
                PulsegridException.of(
                    FailureCode.CONFLICT, "the workspace " + id + " exists already"));
  }

  private static Workspace workspace(ResultSet row) throws SQLException {
    return new Workspace(
        new WorkspaceId(row.getString("id")), AgeCursor.instant(row, "created_at"));
  }
}
