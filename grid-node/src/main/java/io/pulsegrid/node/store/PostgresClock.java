package io.pulsegrid.node.store;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The store's time, as this node can tell it between two looks: what Postgres said, plus what this
 * node's monotonic clock counted since. So all nodes agree whatever their own clocks say. Safe for
 * use by many threads; asking never waits.
 */
public final class PostgresClock implements InstantSource, MeterBinder {
  /** How often {@link #sample} should be called. */
  public static final Duration EVERY = Duration.ofSeconds(10);

  private static final Duration TOLERATED_JUMP = Duration.ofSeconds(2);

  /** A slower answer says too little of when it was given; the next one may be better. */
  private static final Duration TOLERATED_TRIP = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(PostgresClock.class);

  private final JdbcClient jdbc;
  private final LongSupplier monotonicNanos;
  private final InstantSource local;
  private volatile @Nullable Anchor anchor;
  private volatile boolean answered;

  /**
   * A moment that both clocks know.
   *
   * @param agreed whether it was where the one before it had foretold
   */
  private record Anchor(Instant store, long nanos, boolean agreed) {
    Instant at(long now) {
      return store.plusNanos(now - nanos);
    }
  }

  /**
   * A clock that knows nothing yet.
   *
   * @param local this machine's clock, which serves until the first sample
   */
  public PostgresClock(JdbcClient jdbc, LongSupplier monotonicNanos, InstantSource local) {
    this.jdbc = jdbc;
    this.monotonicNanos = monotonicNanos;
    this.local = local;
  }

  @Override
  public Instant instant() {
    Anchor known = anchor;
    return known == null ? local.instant() : known.at(monotonicNanos.getAsLong());
  }

  /** Whether the time is known and did not just jump; a node that cannot trust it sends nothing. */
  public boolean trusted() {
    Anchor known = anchor;
    return known != null && known.agreed();
  }

  /** Whether the store answered the latest sample, however late. */
  public boolean answered() {
    return answered;
  }

  /** How far the store's clock is ahead of this machine's. */
  public Duration offset() {
    return Duration.between(local.instant(), instant());
  }

  /**
   * Asks the store once. A jump of more than two seconds is taken over, since the store is right by
   * definition, but trusted only when the next sample agrees with it.
   */
  public synchronized void sample() {
    try {
      long asked = monotonicNanos.getAsLong();
      Instant said =
          jdbc.sql("SELECT clock_timestamp()").query(OffsetDateTime.class).single().toInstant();
      answered = true;
      long trip = monotonicNanos.getAsLong() - asked;
      if (trip > TOLERATED_TRIP.toNanos()) {
        log.warn("The store took {} to tell the time; not used", Duration.ofNanos(trip));
        return;
      }
      take(said, asked + trip / 2);
    } catch (RuntimeException e) {
      // The monotonic clock carries on; nothing can be armed without the store anyway. Thrown on,
      // it would end the sampling for good.
      answered = false;
      log.debug("The store did not tell the time", e);
    }
  }

  private void take(Instant said, long nanos) {
    Anchor before = anchor;
    Duration jump = before == null ? Duration.ZERO : Duration.between(before.at(nanos), said);
    boolean agreed = jump.abs().compareTo(TOLERATED_JUMP) <= 0;
    anchor = new Anchor(said, nanos, agreed);
    if (!agreed) {
      log.warn("The store's clock jumped by {}; nothing is sent until it settles", jump);
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("pulsegrid.clock.offset", this, clock -> clock.offset().toNanos() / 1e9)
        .description("How far the store's clock is ahead of this machine's")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("pulsegrid.clock.trusted", this, clock -> clock.trusted() ? 1 : 0)
        .description("1 while the store's time is known and did not just jump")
        .register(registry);
  }
}
