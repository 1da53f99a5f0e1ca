package io.pulsegrid.chaos.judge;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/**
 * What became of one trial.
 *
 * @param fault its name
 * @param skipped why it was not tried; empty where it was
 * @param events what was done, in order
 * @param overLimit calls that were one too many
 * @param beyond what was dearer than this fault may be, in words
 * @param surprises what no fault excuses
 */
public record Verdict(
    String fault,
    String skipped,
    List<Event> events,
    Load load,
    Findings findings,
    int overLimit,
    Costs costs,
    List<String> beyond,
    List<String> surprises) {
  private static final long VERIFY_BOUND_MILLIS = 60_000;

  /** Something that was done. */
  public record Event(Instant at, String what) {}

  /** How much was acknowledged during the trial. */
  public record Load(int posts, int promises, int searches) {}

  public Verdict {
    events = List.copyOf(events);
    beyond = List.copyOf(beyond);
    surprises = List.copyOf(surprises);
  }

  /** What is said of a fault that cannot be tried here. */
  public static Verdict skipped(String fault, String why) {
    return empty(fault, why, List.of());
  }

  /** What is said of a trial that broke off: nothing is known to hold. */
  public static Verdict brokenOff(String fault, Exception cause) {
    return empty(fault, "", List.of("the trial broke off: " + cause));
  }

  private static Verdict empty(String fault, String skipped, List<String> surprises) {
    return new Verdict(
        fault,
        skipped,
        List.of(),
        new Load(0, 0, 0),
        new Findings(List.of(), List.of(), new TreeMap<>()),
        0,
        new Costs(
            Lateness.NONE,
            Lateness.NONE,
            0,
            new Service(0, new TreeMap<>(), 0, 0, 0, 0, 0),
            new Costs.Healing(0, 0, 0)),
        List.of(),
        surprises);
  }

  public boolean wasTried() {
    return skipped.isEmpty();
  }

  /** Whether everything held that must hold. */
  public boolean holds() {
    return findings.lost().isEmpty()
        && findings.doubled().isEmpty()
        && overLimit == 0
        && costs.healing().verify() >= 0
        && costs.healing().verify() <= VERIFY_BOUND_MILLIS
        && costs.healing().ready() >= 0
        && beyond.isEmpty()
        && surprises.isEmpty();
  }
}
