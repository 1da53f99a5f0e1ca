package io.pulsegrid.node.store.membership;

import io.pulsegrid.node.config.SettingRefused;
import io.pulsegrid.node.store.DirectConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * The grid's size as somebody declares it who knows better than the nodes: the launcher that starts
 * all the nodes of an embedded store, none of which runs yet; an operator who knows that some will
 * never come back. A store without tables yet counts its nodes as they join.
 */
public final class DeclaredSize {
  private DeclaredSize() {}

  /**
   * Sets the size.
   *
   * @param url of the store
   * @param login {@code user} and {@code password} where the URL does not hold them
   * @return false for a store that has no tables yet
   * @throws SettingRefused when the store does not take it
   */
  public static boolean set(String url, Properties login, int nodes) {
    try (Connection connection = DirectConnection.to(url, login);
        Statement statement = connection.createStatement()) {
      try (var there = statement.executeQuery("SELECT to_regclass('grid_size') IS NOT NULL")) {
        if (!there.next() || !there.getBoolean(1)) {
          return false;
        }
      }
      statement.executeUpdate(
          """
          UPDATE grid_size
          SET expected = %1$d, version = version + 1, changed_at = now()
          WHERE expected <> %1$d
          """
              .formatted(nodes));
      return true;
    } catch (SQLException e) {
      throw new SettingRefused("the store does not take the grid's size: " + e.getMessage());
    }
  }
}
