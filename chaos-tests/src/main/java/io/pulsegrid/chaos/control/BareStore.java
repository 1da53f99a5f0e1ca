package io.pulsegrid.chaos.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import javax.cache.Cache;
import javax.cache.integration.CacheWriterException;
import org.apache.ignite.cache.store.CacheStoreAdapter;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Rows in Postgres, for Ignite's own write-behind. Its address is the property control.url. */
public final class BareStore extends CacheStoreAdapter<Integer, String> {
  static final String TABLE = "control_post";

  private final PGSimpleDataSource source = new PGSimpleDataSource();

  public BareStore() {
    source.setUrl(System.getProperty("control.url"));
  }

  @Override
  public @Nullable String load(Integer id) {
    return null;
  }

  @Override
  public void write(Cache.Entry<? extends Integer, ? extends String> entry) {
    writeAll(java.util.List.of(entry));
  }

  @Override
  public void writeAll(Collection<Cache.Entry<? extends Integer, ? extends String>> entries) {
    try (Connection connection = source.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO " + TABLE + " VALUES (?, ?) ON CONFLICT (id) DO NOTHING")) {
      for (Cache.Entry<? extends Integer, ? extends String> entry : entries) {
        insert.setInt(1, entry.getKey());
        insert.setString(2, entry.getValue());
        insert.addBatch();
      }
      int[] _ = insert.executeBatch();
    } catch (SQLException e) {
      throw new CacheWriterException(e);
    }
  }

  @Override
  public void delete(Object id) {
    throw new UnsupportedOperationException("nothing is deleted here");
  }
}
