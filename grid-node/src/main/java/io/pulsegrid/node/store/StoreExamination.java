package io.pulsegrid.node.store;

import io.pulsegrid.node.config.SettingRefused;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Properties;

/**
 * What a store says of itself to somebody who looks once.
 *
 * @param version such as {@code 17.6}
 * @param major its first part
 * @param trip how long an answer takes
 * @param clockAhead how far its clock is ahead of this machine's, to within half a trip
 * @param expectedNodes how many nodes the grid has; 0 before any has come
 */
public record StoreExamination(
    String version, int major, Duration trip, Duration clockAhead, int expectedNodes) {
  /** One that hangs takes connections still, and never says a word. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * Asks it.
   *
   * @param login {@code user} and {@code password} where the URL does not hold them
   * @throws SettingRefused when it does not answer within five seconds, without the URL, which may
   *     hold a password
   */
  public static StoreExamination of(String url, Properties login, InstantSource clock) {
    Properties impatient = new Properties();
    impatient.putAll(login);
    for (String timeout : List.of("connectTimeout", "loginTimeout", "socketTimeout")) {
      impatient.setProperty(timeout, String.valueOf(PATIENCE.toSeconds()));
    }
    try (Connection connection = DirectConnection.to(url, impatient);
        Statement statement = connection.createStatement()) {
      Instant asked = clock.instant();
      Instant said =
          one(statement, "SELECT clock_timestamp()").getObject(1, OffsetDateTime.class).toInstant();
      Duration trip = Duration.between(asked, clock.instant());
      String version = one(statement, "SHOW server_version").getString(1);
      boolean known = one(statement, "SELECT to_regclass('grid_size') IS NOT NULL").getBoolean(1);
      return new StoreExamination(
          version,
          connection.getMetaData().getDatabaseMajorVersion(),
          trip,
          Duration.between(asked.plus(trip.dividedBy(2)), said),
          known ? one(statement, "SELECT max(expected) FROM grid_size").getInt(1) : 0);
    } catch (SQLException e) {
      throw new SettingRefused("the store does not answer: " + e.getMessage());
    }
  }

  private static ResultSet one(Statement statement, String sql) throws SQLException {
    ResultSet row = statement.executeQuery(sql);
    row.next();
    return row;
  }
}
