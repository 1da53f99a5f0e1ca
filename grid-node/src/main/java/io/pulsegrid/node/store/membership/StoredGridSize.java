package io.pulsegrid.node.store.membership;

import io.pulsegrid.node.grid.ExpectedSize;
import io.pulsegrid.node.store.StoreAway;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The grid's expected size in Postgres: one row, changed by whoever saw its last version. */
public final class StoredGridSize implements ExpectedSize {
  private final JdbcClient jdbc;

  public StoredGridSize(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Size read() {
    return StoreAway.told(
        () ->
            jdbc.sql("SELECT expected, version FROM grid_size")
                .query((row, _) -> new Size(row.getInt("expected"), row.getLong("version")))
                .single());
  }

  @Override
  public boolean change(Size known, int nodes) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                        """
                        UPDATE grid_size
                        SET expected = :nodes, version = version + 1, changed_at = now()
                        WHERE version = :version
                        """)
                    .param("nodes", nodes)
                    .param("version", known.version())
                    .update()
                == 1);
  }
}
