package io.pulsegrid.node.store;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What Postgres holds and what it labours at, as last looked. Every node tells the same of the same
 * store: take the largest, not the sum.
 */
public final class StoreMeters implements MeterBinder {
  /** How often {@link #look} should be called. */
  public static final Duration EVERY = Duration.ofSeconds(15);

  /** A statement that has run for so long is a slow one. */
  private static final int SLOW_SECONDS = 1;

  private static final String SIZES =
      """
      SELECT c.relname AS name,
        (SELECT coalesce(sum(pg_total_relation_size(part.relid)), pg_total_relation_size(c.oid))
         FROM pg_partition_tree(c.oid) part) AS bytes
      FROM pg_class c
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT c.relispartition
      """;

  // Ours alone: another's of the same database is not what the nodes ask. The look itself is young.
  private static final String LABOURS =
      """
      SELECT count(*) FILTER (WHERE age >= ?) AS slow, coalesce(max(age), 0) AS longest
      FROM (SELECT extract(epoch FROM clock_timestamp() - query_start) AS age
            FROM pg_stat_activity
            WHERE datname = current_database() AND usename = current_user AND state = 'active'
              AND backend_type = 'client backend' AND pid <> pg_backend_pid()) AS running
      """;

  private static final Logger log = LoggerFactory.getLogger(StoreMeters.class);

  private record Size(String table, long bytes) {}

  private record Labour(long slow, double longestSeconds) {}

  private final JdbcClient jdbc;
  private volatile List<Size> sizes = List.of();
  private volatile Labour labour = new Labour(0, 0);
  private volatile @Nullable MultiGauge tables;

  /** Meters that know nothing yet. */
  public StoreMeters(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Asks the store once; where it does not answer, the last figures stay. */
  public void look() {
    try {
      labour =
          jdbc.sql(LABOURS)
              .param(SLOW_SECONDS)
              .query((row, _) -> new Labour(row.getLong("slow"), row.getDouble("longest")))
              .single();
      sizes =
          jdbc.sql(SIZES)
              .query((row, _) -> new Size(row.getString("name"), row.getLong("bytes")))
              .list();
      tell();
    } catch (RuntimeException e) {
      // Thrown on, it would end the looking for good; that the store is away is told elsewhere.
      log.debug("The store did not tell its sizes", e);
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("pulsegrid.store.slow", this, me -> me.labour.slow())
        .description("Statements that have run for a second or more, and still do")
        .register(registry);
    Gauge.builder("pulsegrid.store.longest", this, me -> me.labour.longestSeconds())
        .description("How long the longest of the statements has run that still do")
        .baseUnit("seconds")
        .register(registry);
    tables =
        MultiGauge.builder("pulsegrid.store.size")
            .description("What a table takes up with its indexes")
            .baseUnit("bytes")
            .register(registry);
    tell();
  }

  private void tell() {
    MultiGauge gauges = tables;
    if (gauges != null) {
      gauges.register(
          sizes.stream()
              .map(size -> MultiGauge.Row.of(Tags.of("table", size.table()), size.bytes()))
              .toList(),
          true);
    }
  }
}
