package io.pulsegrid.node.store.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pulsegrid.node.store.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quartz.TriggerKey;
import org.quartz.impl.jdbcjobstore.SchedulerStateRecord;
import org.quartz.simpl.CascadingClassLoadHelper;
import org.slf4j.LoggerFactory;

/** Nodes of which one has a clock that is off, over a real Postgres. */
class StoreTimedDelegateTest {
  private static final long INTERVAL_MILLIS = 5_000;
  private static final long A_MOMENT_MILLIS = 2_000;

  private final InstantSource sound = InstantSource.system();
  private final InstantSource ahead =
      () -> InstantSource.system().instant().plus(Duration.ofMinutes(5));

  @Test
  void tellsANodeWithAWrongClockOfTheLivingAsOfItsOwnMoment() throws Exception {
    assertThat(seen(sound, ahead)).isCloseTo(ahead.millis(), within(A_MOMENT_MILLIS));
    assertThat(seen(ahead, sound)).isCloseTo(sound.millis(), within(A_MOMENT_MILLIS));
    assertThat(seen(ahead, ahead)).isCloseTo(ahead.millis(), within(A_MOMENT_MILLIS));
  }

  @Test
  void keepsWhatIsLongAgoLongAgo() throws Exception {
    long longAgo = Instant.now().minus(Duration.ofMinutes(1)).toEpochMilli();
    try (Connection connection = TestPostgres.fresh().getConnection()) {
      delegate(sound).insertSchedulerState(connection, "a", longAgo, INTERVAL_MILLIS);
      long expected = ahead.millis() - Duration.ofMinutes(1).toMillis();
      assertThat(only(connection, ahead).getCheckinTimestamp())
          .isCloseTo(expected, within(A_MOMENT_MILLIS));
    }
  }

  @Test
  void findsNothingDueOrOverdueWhileTheClockIsOff() throws Exception {
    long minuteAgo = Instant.now().minus(Duration.ofMinutes(1)).toEpochMilli();
    try (Connection connection = TestPostgres.fresh().getConnection()) {
      try (PreparedStatement trigger =
          connection.prepareStatement(
              """
              WITH job AS (
                INSERT INTO qrtz_job_details (sched_name, job_name, job_group, job_class_name,
                  is_durable, is_nonconcurrent, is_update_data, requests_recovery)
                VALUES ('pulsegrid', 'j', 'g', 'none', true, false, false, false) RETURNING *)
              INSERT INTO qrtz_triggers (sched_name, trigger_name, trigger_group, job_name,
                job_group, next_fire_time, prev_fire_time, priority, trigger_state, trigger_type,
                start_time, end_time, misfire_instr)
              SELECT sched_name, 't', 'g', job_name, job_group, ?, -1, 5, 'WAITING', 'SIMPLE', ?,
                0, 0 FROM job
              """)) {
        trigger.setLong(1, minuteAgo);
        trigger.setLong(2, minuteAgo);
        assertThat(trigger.executeUpdate()).isOne();
      }
      assertThat(due(connection, sound)).hasSize(1);
      assertThat(due(connection, ahead)).isEmpty();
      assertThat(overdue(connection, sound)).isOne();
      assertThat(overdue(connection, ahead)).isZero();
      assertThat(anyOverdue(connection, sound)).isTrue();
      assertThat(anyOverdue(connection, ahead)).isFalse();
    }
  }

  private static List<TriggerKey> due(Connection connection, InstantSource clock) throws Exception {
    return delegate(clock).selectTriggerToAcquire(connection, clock.millis(), 0, 10);
  }

  private static int overdue(Connection connection, InstantSource clock) throws Exception {
    return delegate(clock).countMisfiredTriggersInState(connection, "WAITING", clock.millis());
  }

  private static boolean anyOverdue(Connection connection, InstantSource clock) throws Exception {
    List<TriggerKey> found = new ArrayList<>();
    boolean _ =
        delegate(clock)
            .hasMisfiredTriggersInState(connection, "WAITING", clock.millis(), 10, found);
    return !found.isEmpty();
  }

  /** When {@code reader} takes {@code writer} to have been heard of last. */
  private static long seen(InstantSource writer, InstantSource reader) throws Exception {
    try (Connection connection = TestPostgres.fresh().getConnection()) {
      StoreTimedDelegate written = delegate(writer);
      assertThat(written.insertSchedulerState(connection, "a", writer.millis(), INTERVAL_MILLIS))
          .isOne();
      long inserted = only(connection, reader).getCheckinTimestamp();
      assertThat(written.updateSchedulerState(connection, "a", writer.millis())).isOne();
      SchedulerStateRecord updated = only(connection, reader);
      assertThat(updated.getCheckinInterval()).isEqualTo(INTERVAL_MILLIS);
      assertThat(updated.getCheckinTimestamp()).isBetween(inserted, inserted + A_MOMENT_MILLIS);
      return updated.getCheckinTimestamp();
    }
  }

  private static SchedulerStateRecord only(Connection connection, InstantSource reader)
      throws Exception {
    List<SchedulerStateRecord> all = delegate(reader).selectSchedulerStateRecords(connection, "a");
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private static StoreTimedDelegate delegate(InstantSource clock) throws Exception {
    StoreTimedDelegate delegate = new StoreTimedDelegate(clock, Duration.ofMillis(500));
    CascadingClassLoadHelper loading = new CascadingClassLoadHelper();
    loading.initialize();
    delegate.initialize(
        LoggerFactory.getLogger(StoreTimedDelegateTest.class),
        "QRTZ_",
        "pulsegrid",
        "self",
        loading,
        true,
        "");
    return delegate;
  }
}
