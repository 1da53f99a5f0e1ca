package io.pulsegrid.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** One contender put to work; its figures are what its ledger says, by PostgreSQL's clock. */
final class PublishRun {
  static final String RATE = "deliveries/s, all due at once, due to the last settled";
  static final String LATE_P99 = "due to settled at half of that, p99 ms";
  static final String TWICE = "deliveries twice on the platform";
  static final String NEVER = "deliveries never on the platform";

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration SLACK = Duration.ofSeconds(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final Contender contender;
  private final PublishScene scene;
  private final PrintStream progress;
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private int scheduled;
  private Duration schedulingOne = Duration.ofMillis(5);

  /** How a batch was settled. */
  private record Settled(long count, Instant last, double p50, double p99) {}

  PublishRun(Contender contender, PublishScene scene, PrintStream progress) {
    this.contender = contender;
    this.scene = scene;
    this.progress = progress;
  }

  Map<String, Double> figures() {
    return Map.copyOf(new LinkedHashMap<>(figures));
  }

  /** Deliveries that only warm everything up; answers how many went out a second. */
  double warm(int count) throws Exception {
    Instant due = schedule("warm-" + scheduled, count, Duration.ZERO);
    double rate = rate(count, due, await(due, due, count));
    progress.println("  warm: %.0f/s".formatted(rate));
    return rate;
  }

  /** Deliveries that are due at one moment; answers how many went out a second. */
  double burst(int count) throws Exception {
    Instant due = schedule("burst", count, Duration.ZERO);
    sleepUntil(due);
    Worked nodes = Worked.by(contender.processes());
    Worked store = Worked.by(scene.postgres());
    Worked sim = Worked.by(scene.platform().processes());
    Settled settled = await(due, due, count);
    double rate = rate(count, due, settled);
    tell(RATE, rate);
    tell("processor ms a delivery, nodes", 1_000 * nodes.seconds() / count);
    tell("processor ms a delivery, PostgreSQL", 1_000 * store.seconds() / count);
    tell("processor ms a delivery, platform", 1_000 * sim.seconds() / count);
    return rate;
  }

  /** Deliveries that come due at an even pace. */
  void paced(double perSecond, Duration span) throws Exception {
    int count = (int) Math.max(1, Math.round(perSecond * span.toMillis() / 1_000));
    Instant from = schedule("paced", count, span);
    Settled settled = await(from, from.plus(span), count);
    tell("due to settled at half of that, p50 ms", settled.p50());
    tell(LATE_P99, settled.p99());
    StandIn.Arrived arrived = scene.platform().arrived(scheduled);
    tell(TWICE, arrived.twice());
    tell(NEVER, arrived.never());
  }

  private Instant schedule(String batch, int count, Duration span) throws Exception {
    // Scheduling takes what it takes; they are due once all of them are there.
    Duration slack = SLACK.plus(schedulingOne.multipliedBy(2L * count));
    Instant begun = Instant.now();
    Instant from = begun.plus(slack).truncatedTo(ChronoUnit.MILLIS);
    contender.schedule(batch, count, from, span);
    scheduled += count;
    schedulingOne = Duration.between(begun, Instant.now()).dividedBy(count);
    if (Instant.now().isAfter(from)) {
      throw new IOException("scheduling took longer than expected: " + schedulingOne + " each");
    }
    return from;
  }

  private static double rate(int count, Instant due, Settled settled) {
    return count / (Duration.between(due, settled.last()).toMillis() / 1_000.0);
  }

  private Settled await(Instant from, Instant to, int count) throws Exception {
    sleepUntil(from);
    long until = System.nanoTime() + PATIENCE.toNanos();
    try (Connection ledger = contender.ledger()) {
      Settled settled = look(ledger, from, to);
      while (settled.count() < count) {
        if (System.nanoTime() > until) {
          throw new IOException(
              "of %d deliveries only %d are settled after %s"
                  .formatted(count, settled.count(), PATIENCE));
        }
        Thread.sleep(BETWEEN_LOOKS);
        settled = look(ledger, from, to);
      }
      return settled;
    }
  }

  private Settled look(Connection ledger, Instant from, Instant to) throws SQLException {
    try (PreparedStatement statement =
        ledger.prepareStatement(
            """
            SELECT count(*), coalesce(max(settled), now()),
              percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP
                (ORDER BY 1000 * extract(epoch FROM settled - due))
            FROM (%s) AS published WHERE due BETWEEN ? AND ?
            """
                .formatted(contender.published()))) {
      statement.setObject(1, from.atOffset(ZoneOffset.UTC));
      statement.setObject(2, to.atOffset(ZoneOffset.UTC));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        long count = row.getLong(1);
        Double[] late =
            count == 0 ? new Double[] {0.0, 0.0} : (Double[]) row.getArray(3).getArray();
        return new Settled(
            count, row.getObject(2, OffsetDateTime.class).toInstant(), late[0], late[1]);
      }
    }
  }

  private static void sleepUntil(Instant at) throws InterruptedException {
    Duration left = Duration.between(Instant.now(), at);
    if (left.isPositive()) {
      Thread.sleep(left);
    }
  }

  private void tell(String label, double figure) {
    progress.println("  %-58s %,.2f".formatted(label, figure));
    figures.put(label, figure);
  }
}
