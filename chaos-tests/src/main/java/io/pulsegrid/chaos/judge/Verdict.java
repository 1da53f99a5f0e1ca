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
 * @param late those of which it was always known whether they were sent
 * @param caught those with a call whose end nobody knew for a while, as of a node that died
 * @param verifyMillis from when the grid was whole again, all nodes ready, until {@code verify} was
 *     clean; -1 where it never was
 * @param readyMillis from the healing until all nodes were ready; -1 where they never were
 * @param surprises what no fault excuses
 */
public record Verdict(
    String fault,
    String skipped,
    List<Event> events,
    Load load,
    Findings findings,
    int overLimit,
    Lateness late,
    Lateness caught,
    Service service,
    long verifyMillis,
    long readyMillis,
    List<String> surprises) {
  private static final long VERIFY_BOUND_MILLIS = 60_000;

  /** Something that was done. */
  public record Event(Instant at, String what) {}

  /** How much was acknowledged during the trial. */
  public record Load(int posts, int promises, int searches) {}

  public Verdict {
    events = List.copyOf(events);
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
        new Lateness(0, -1, -1, -1),
        new Lateness(0, -1, -1, -1),
        new Service(0, new TreeMap<>(), 0, 0, 0, 0, 0),
        0,
        0,
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
        && verifyMillis >= 0
        && verifyMillis <= VERIFY_BOUND_MILLIS
        && readyMillis >= 0
        && surprises.isEmpty();
  }
}
