package io.pulsegrid.node.store.membership;

import io.pulsegrid.node.grid.ExpectedSize;
import io.pulsegrid.node.store.StoreAway;
import java.util.Collection;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The grid's expected size in Postgres: one row, changed by whoever saw its last version; and who
 * holds a grid of one node.
 */
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

  @Override
  public Optional<String> hold(String node, Collection<String> here) {
    return StoreAway.told(
        () -> {
          boolean held =
              jdbc.sql(
                          """
                          UPDATE grid_size SET holder = :node, held_at = clock_timestamp()
                          WHERE holder IS NULL
                            OR holder = :node
                            OR holder = ANY(:here)
                            OR held_at < clock_timestamp() - :patience * interval '1 second'
                            OR held_at > clock_timestamp() + :patience * interval '1 second'
                          """)
                      .param("node", node)
                      .param("here", here.toArray(String[]::new))
                      .param("patience", HELD_FOR.toSeconds())
                      .update()
                  == 1;
          return held
              ? Optional.empty()
              : jdbc.sql("SELECT holder FROM grid_size").query(String.class).optional();
        });
  }
}
