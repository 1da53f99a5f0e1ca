package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.query.Queries;
import io.pulsegrid.core.query.Table;
import java.util.Arrays;
import java.util.List;

/** Answers every query with itself, its workspace and a null. */
public final class FakeQueries implements Queries {
  @Override
  public Table ask(WorkspaceId workspace, String sql, int limit) {
    return new Table(
        List.of(
            new Table.Column("sql", "text"),
            new Table.Column("workspace", "text"),
            new Table.Column("limit", "int4"),
            new Table.Column("nothing", "text")),
        List.of(Arrays.asList(sql, workspace.value(), limit, null)),
        false);
  }
}
