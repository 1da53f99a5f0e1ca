package io.pulsegrid.node.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * A connection without a pool, for a launcher that asks the store once. Not by DriverManager, which
 * would load every driver on the class path first, Ignite's among them.
 */
public final class DirectConnection {
  private DirectConnection() {}

  /**
   * Connects.
   *
   * @param login {@code user} and {@code password} where the URL does not hold them
   */
  public static Connection to(String url, Properties login) throws SQLException {
    Connection connection = new Driver().connect(url, login);
    if (connection == null) {
      throw new SQLException("an address of PostgreSQL begins with jdbc:postgresql:");
    }
    return connection;
  }
}
