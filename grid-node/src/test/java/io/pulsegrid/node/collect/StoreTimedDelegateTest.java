package io.pulsegrid.node.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pulsegrid.node.store.TestPostgres;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
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
    StoreTimedDelegate delegate = new StoreTimedDelegate(clock);
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
