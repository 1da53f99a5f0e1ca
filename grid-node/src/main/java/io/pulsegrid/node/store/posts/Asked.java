package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.access.WorkspaceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Whether anybody in a workspace wants to know: what nobody asked for costs one look. */
final class Asked {
  private Asked() {}

  /**
   * @param sql finds a row of the workspace, its only parameter
   */
  static boolean any(Connection connection, String sql, WorkspaceId workspace) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, workspace.value());
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }
}
