package io.pulsegrid.node.store.membership;

import io.pulsegrid.node.config.SettingRefused;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The grid's size as the launcher declares it: who starts all the nodes of an embedded store, none
 * of which runs yet, knows how many there will be. A store without tables yet counts its nodes as
 * they join.
 */
public final class DeclaredSize {
  private DeclaredSize() {}

  /**
   * Sets the size.
   *
   * @param url of the store, user and password included
   * @throws SettingRefused when the store does not take it
   */
  public static void set(String url, int nodes) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      try (var there = statement.executeQuery("SELECT to_regclass('grid_size') IS NOT NULL")) {
        if (!there.next() || !there.getBoolean(1)) {
          return;
        }
      }
      statement.executeUpdate(
          """
          UPDATE grid_size
          SET expected = %1$d, version = version + 1, changed_at = now()
          WHERE expected <> %1$d
          """
              .formatted(nodes));
    } catch (SQLException e) {
      throw new SettingRefused("the store does not take the grid's size: " + e.getMessage());
    }
  }
}
