package io.pulsegrid.chaos.fault;

import java.time.Duration;
import java.util.List;

/** The faults that there are. */
public final class Faults {
  private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);

  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

  private Faults() {}

  /** The whole matrix, anew. */
  public static List<Fault> all() {
    return List.of(
        new RollingRestart(),
        new Kill(Kill.Whom.ONE),
        new Kill(Kill.Whom.EACH),
        new Pause(HALF_A_MINUTE),
        new PauseArmed(HALF_A_MINUTE),
        new ClockOff(HALF_A_MINUTE, FIVE_MINUTES),
        new ClockBack(new ClockOff(HALF_A_MINUTE, FIVE_MINUTES)),
        new BackendsKilled(HALF_A_MINUTE),
        new PoolExhausted(HALF_A_MINUTE),
        new StoreDies(),
        new StoreAway(Duration.ofMinutes(1)),
        new DiskFull(HALF_A_MINUTE),
        new Kill(Kill.Whom.ALL),
        new Cut(Duration.ofSeconds(45)),
        new DrainAndJoin());
  }

  /** The short form: one kill, one pause, Postgres away, all nodes killed. */
  public static Fault few() {
    return new InTurn(
        "short",
        List.of(
            new Kill(Kill.Whom.ONE),
            new Pause(Duration.ofSeconds(8)),
            new StoreAway(Duration.ofSeconds(8)),
            new Kill(Kill.Whom.ALL)));
  }
}
