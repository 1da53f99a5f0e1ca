package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.load.Lot;
import io.pulsegrid.chaos.load.Promise;
import io.pulsegrid.chaos.load.Workload;
import io.pulsegrid.chaos.node.Grid;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is wrong with all that was acknowledged so far.
 *
 * @param lost what was acknowledged and is missing somewhere, with where
 * @param doubled texts that a platform has twice
 * @param states of the deliveries of this trial, counted
 */
public record Findings(List<String> lost, List<String> doubled, TreeMap<String, Integer> states) {
  private static final Duration ASKING = Duration.ofSeconds(20);
  private static final String HERE = "200";
  private static final Set<String> ENDED =
      Set.of("PUBLISHED", "FAILED", "MISSED", "CANCELLED", "UNCONFIRMED");

  public Findings {
    lost = List.copyOf(lost);
    doubled = List.copyOf(doubled);
    states = new TreeMap<>(states);
  }

  /**
   * Looks everything up: rows and ledger for all that was ever acknowledged, REST and search for
   * what was since an instant.
   */
  public static Findings of(Grid grid, Workload workload, URI sim, Instant since)
      throws IOException, InterruptedException, SQLException {
    Evidence evidence = Evidence.gather(grid.store(), Lot.PLATFORM, sim);
    List<String> lost = new ArrayList<>();
    TreeMap<String, Integer> states = new TreeMap<>();
    int node = 0;
    for (Lot lot : workload.lots()) {
      lot.nativeIds().stream()
          .filter(id -> !evidence.storedPosts().contains(id))
          .forEach(id -> lost.add("post " + id + " has no row"));
      if (!lot.acknowledged().isBefore(since)) {
        node = (node + 1) % grid.size();
        lookUp(grid, node, workload, lot, lost);
      }
    }
    for (Promise promise : workload.promises()) {
      String state = evidence.states().getOrDefault(promise.id(), "");
      judge(promise, state, evidence.arrivals(), lost);
      if (!promise.acknowledged().isBefore(since)) {
        states.merge(state.isEmpty() ? "(none)" : state, 1, Integer::sum);
        node = (node + 1) % grid.size();
        String told = ask(grid, node, "/scheduled-posts/" + promise.id());
        if (!told.equals(HERE)) {
          lost.add("scheduled post " + promise.id() + " is answered with " + told);
        }
      }
    }
    return new Findings(lost, evidence.arrivals().doubled(), states);
  }

  /** The same without what was named before. */
  Findings without(Set<String> named) {
    return new Findings(
        lost.stream().filter(one -> !named.contains(one)).toList(),
        doubled.stream().filter(one -> !named.contains(one)).toList(),
        states);
  }

  /** Whether all that is due has come to an end; what is in doubt waits in sight. */
  public static boolean allEnded(Grid grid, List<Promise> promises) throws SQLException {
    Set<String> waiting =
        new HashSet<>(
            grid.store()
                .column(
                    "SELECT scheduled_post FROM delivery"
                        + " WHERE state IN ('SCHEDULED', 'ARMED', 'RETRY', 'UNCONFIRMED')"));
    return promises.stream().noneMatch(promise -> waiting.contains(promise.id()));
  }

  /** Scheduled posts with a call whose end nobody knew for a while. */
  static Set<String> caught(Grid grid) throws SQLException {
    return new HashSet<>(
        grid.store()
            .column(
                "SELECT DISTINCT d.scheduled_post FROM attempt a JOIN delivery d ON d.id = a.delivery"
                    + " WHERE a.outcome IN ('swept', 'ambiguous')"));
  }

  private static void judge(Promise promise, String state, Arrivals arrivals, List<String> lost) {
    if (state.isEmpty()) {
      lost.add("delivery of " + promise.id() + " has no row");
    } else if (!ENDED.contains(state)) {
      lost.add("delivery of " + promise.id() + " is still " + state);
    } else if (state.equals("PUBLISHED") && !arrivals.has(promise.text())) {
      lost.add("delivery of " + promise.id() + " is PUBLISHED and never arrived");
    } else if (state.equals("FAILED") || state.equals("CANCELLED") || state.equals("MISSED")) {
      // These platforms refuse nothing and nobody cancels: such an end is a post not sent.
      lost.add("delivery of " + promise.id() + " ended " + state);
    }
  }

  private static void lookUp(Grid grid, int node, Workload workload, Lot lot, List<String> lost)
      throws InterruptedException {
    List<String> ids = lot.postIds();
    for (int i = 0; i < ids.size(); i++) {
      String told = ask(grid, node, "/posts/" + ids.get(i));
      if (!told.equals(HERE)) {
        lost.add("post " + lot.nativeIds().get(i) + " is answered with " + told);
      }
    }
    Set<String> found = find(grid, node, workload, lot);
    lot.nativeIds().stream()
        .filter(id -> !found.contains(id))
        .forEach(id -> lost.add("post " + id + " is not found through node " + node));
  }

  /** What the first node says that can be reached; a node that is away must not end the judging. */
  private static String ask(Grid grid, int first, String path) throws InterruptedException {
    String told = "";
    for (int turn = 0; turn < grid.size(); turn++) {
      try {
        return String.valueOf(
            grid.rest((first + turn) % grid.size()).waiting(ASKING).get(path).status());
      } catch (IOException e) {
        told = e.getClass().getSimpleName();
      }
    }
    return told;
  }

  private static Set<String> find(Grid grid, int first, Workload workload, Lot lot)
      throws InterruptedException {
    for (int turn = 0; turn < grid.size(); turn++) {
      try {
        return workload.find((first + turn) % grid.size(), lot.word());
      } catch (IOException e) {
        // The next one is asked; what nobody finds is lost.
      }
    }
    return Set.of();
  }
}
