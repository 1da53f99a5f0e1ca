package io.pulsegrid.node.store.sources;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import org.quartz.TriggerKey;
import org.quartz.impl.jdbcjobstore.PostgreSQLDelegate;
import org.quartz.impl.jdbcjobstore.SchedulerStateRecord;

/**
 * Quartz's way to Postgres, safe from a machine's wrong clock, which Quartz reads even while it
 * only stands by. Of a node whose clock is ahead it would else take the living for dead, and fire
 * again what they are about; and find everybody's triggers overdue, and put them off by as much as
 * its clock is ahead. So signs of life are written by the store's clock and read as this machine's
 * would have said it, and while the two are too far apart nothing is due and nothing overdue here.
 */
public class StoreTimedDelegate extends PostgreSQLDelegate {
  private final InstantSource local;
  private final Duration tolerated;

  /**
   * A way of this machine's.
   *
   * @param local this machine's clock, which Quartz goes by
   * @param tolerated how far it may be from the store's
   */
  public StoreTimedDelegate(InstantSource local, Duration tolerated) {
    this.local = local;
    this.tolerated = tolerated;
  }

  @Override
  public int insertSchedulerState(Connection connection, String node, long checkIn, long interval)
      throws SQLException {
    return super.insertSchedulerState(connection, node, checkIn + ahead(connection), interval);
  }

  @Override
  public int updateSchedulerState(Connection connection, String node, long checkIn)
      throws SQLException {
    return super.updateSchedulerState(connection, node, checkIn + ahead(connection));
  }

  @Override
  public List<SchedulerStateRecord> selectSchedulerStateRecords(Connection connection, String node)
      throws SQLException {
    List<SchedulerStateRecord> records = super.selectSchedulerStateRecords(connection, node);
    long ahead = ahead(connection);
    records.forEach(record -> record.setCheckinTimestamp(record.getCheckinTimestamp() - ahead));
    return records;
  }

  @Override
  public List<TriggerKey> selectTriggerToAcquire(
      Connection connection, long noLaterThan, long noEarlierThan, int most) throws SQLException {
    return isOff(connection)
        ? List.of()
        : super.selectTriggerToAcquire(connection, noLaterThan, noEarlierThan, most);
  }

  @Override
  public int countMisfiredTriggersInState(Connection connection, String state, long before)
      throws SQLException {
    return isOff(connection) ? 0 : super.countMisfiredTriggersInState(connection, state, before);
  }

  @Override
  public boolean hasMisfiredTriggersInState(
      Connection connection, String state, long before, int most, List<TriggerKey> found)
      throws SQLException {
    return !isOff(connection)
        && super.hasMisfiredTriggersInState(connection, state, before, most, found);
  }

  private boolean isOff(Connection connection) throws SQLException {
    return Math.abs(ahead(connection)) > tolerated.toMillis();
  }

  /** Milliseconds by which the store's clock is ahead of this machine's. */
  private long ahead(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
      row.next();
      return Duration.between(local.instant(), row.getObject(1, OffsetDateTime.class).toInstant())
          .toMillis();
    }
  }
}
