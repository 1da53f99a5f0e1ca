package io.pulsegrid.node.collect;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import org.quartz.impl.jdbcjobstore.PostgreSQLDelegate;
import org.quartz.impl.jdbcjobstore.SchedulerStateRecord;

/**
 * Quartz's way to Postgres, with the signs of life of its nodes in the store's time. Quartz
 * compares what each node wrote by its own clock with its own: a node whose clock is ahead, also
 * one that only stands by, takes the living for dead and fires again what they are about. So they
 * are written by the store's clock, and read as this machine's would have said it.
 */
public final class StoreTimedDelegate extends PostgreSQLDelegate {
  private final InstantSource local;

  /** As Quartz makes it, from its name. */
  public StoreTimedDelegate() {
    this(InstantSource.system());
  }

  StoreTimedDelegate(InstantSource local) {
    this.local = local;
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
