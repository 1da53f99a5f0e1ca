package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.load.Lot;
import io.pulsegrid.chaos.load.Promise;
import io.pulsegrid.chaos.load.Workload;
import io.pulsegrid.chaos.node.Answer;
import io.pulsegrid.chaos.node.Grid;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
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
        Answer answer = grid.rest(node).get("/scheduled-posts/" + promise.id());
        if (answer.status() != 200) {
          lost.add("scheduled post " + promise.id() + " is answered with " + answer.status());
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
      throws IOException, InterruptedException {
    List<String> ids = lot.postIds();
    for (int i = 0; i < ids.size(); i++) {
      Answer answer = grid.rest(node).get("/posts/" + ids.get(i));
      if (answer.status() != 200) {
        lost.add("post " + lot.nativeIds().get(i) + " is answered with " + answer.status());
      }
    }
    Set<String> found = workload.find(node, lot.word());
    lot.nativeIds().stream()
        .filter(id -> !found.contains(id))
        .forEach(id -> lost.add("post " + id + " is not found by node " + node));
  }
}
