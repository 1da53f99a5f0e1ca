package io.pulsegrid.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.node.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class PostgresClockTest {
  private final TestStore store = TestStore.fresh();
  private final AtomicLong skewNanos = new AtomicLong();
  private final SettableClock local = new SettableClock(Instant.parse("2001-01-01T00:00:00Z"));
  private final PostgresClock clock = clock(store.jdbc());

  @Test
  void tellsThisMachinesTimeUntrustedUntilTheStoreHasSpoken() {
    assertThat(clock.trusted()).isFalse();
    assertThat(clock.instant()).isEqualTo(local.instant());
  }

  @Test
  void tellsTheStoresTimeWhateverThisMachineThinks() {
    clock.sample();

    assertThat(clock.trusted()).isTrue();
    assertThat(clock.instant()).isCloseTo(storeTime(), within(200, ChronoUnit.MILLIS));
    assertThat(clock.offset()).isGreaterThan(Duration.ofDays(365 * 24));
  }

  @Test
  void countsOnByItsOwnMonotonicClock() {
    clock.sample();
    skewNanos.addAndGet(Duration.ofMinutes(5).toNanos());

    assertThat(clock.instant())
        .isCloseTo(storeTime().plus(Duration.ofMinutes(5)), within(200, ChronoUnit.MILLIS));
  }

  @Test
  void aJumpIsTakenOverAndTrustedOnceTheNextSampleAgrees() {
    clock.sample();
    // To this node it looks as if the store's clock had been set back by three seconds.
    skewNanos.addAndGet(Duration.ofSeconds(3).toNanos());

    clock.sample();
    assertThat(clock.trusted()).isFalse();
    assertThat(clock.instant()).isCloseTo(storeTime(), within(200, ChronoUnit.MILLIS));

    clock.sample();
    assertThat(clock.trusted()).isTrue();
  }

  @Test
  void aSmallDriftIsNoJump() {
    clock.sample();
    skewNanos.addAndGet(Duration.ofMillis(1500).toNanos());
    clock.sample();

    assertThat(clock.trusted()).isTrue();
  }

  @Test
  void carriesOnWhileTheStoreIsAway() {
    PostgresClock cutOff =
        clock(JdbcClient.create(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none")));
    cutOff.sample();

    assertThat(cutOff.trusted()).isFalse();
  }

  @Test
  void itsOffsetAndTrustAreMetrics() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    clock.bindTo(registry);
    clock.sample();

    assertThat(registry.get("pulsegrid.clock.trusted").gauge().value()).isEqualTo(1);
    assertThat(registry.get("pulsegrid.clock.offset").gauge().value())
        .isCloseTo(clock.offset().toMillis() / 1e3, within(1.0));
  }

  private PostgresClock clock(JdbcClient jdbc) {
    InstantSource machine = local;
    return new PostgresClock(jdbc, () -> System.nanoTime() + skewNanos.get(), machine);
  }

  private Instant storeTime() {
    return store
        .jdbc()
        .sql("SELECT clock_timestamp()")
        .query(OffsetDateTime.class)
        .single()
        .toInstant();
  }
}
