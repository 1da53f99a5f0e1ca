package io.pulsegrid.chaos;

import io.pulsegrid.chaos.judge.MemoryWatch;
import io.pulsegrid.chaos.judge.Reckoning;
import io.pulsegrid.chaos.load.Multitude;
import io.pulsegrid.chaos.node.Allowed;
import io.pulsegrid.chaos.node.Grid;
import io.pulsegrid.chaos.node.LocalGrid;
import io.pulsegrid.chaos.node.Shell;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A crowd: very many deliveries that are due within one minute, on many channels, with one node
 * killed when half of them are out.
 */
final class Crowd {
  /**
   * Both are met: a channel's share comes at once, and the shorter window holds most of it back.
   */
  private static final Allowed ALLOWED =
      new Allowed(64, List.of(new Allowed.Window(1_000, 10_800), new Allowed.Window(30, 30)));

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SLACK = Duration.ofSeconds(20);
  private static final Duration TO_SCHEDULE_ONE = Duration.ofMillis(3);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** As the launcher gives it by default. */
  private static final Map<String, String> HEAP = Map.of("PULSEGRID_JAVA_OPTIONS", "-Xmx1g");

  private final Plan plan;
  private final Consumer<String> progress;

  /**
   * What decides a run.
   *
   * @param most how many MB a node may hold resident
   * @param patience for all of them to end
   * @param work a directory of its own
   */
  record Plan(
      int nodes,
      int deliveries,
      int channels,
      long most,
      Duration patience,
      long seed,
      Path work) {}

  /**
   * What became of it.
   *
   * @param seconds from the first one's due time until all had ended
   * @param megabytes the most that each node held resident
   */
  record Report(
      Plan plan, Reckoning reckoning, double seconds, SortedMap<Integer, Long> megabytes) {
    Report {
      megabytes = new TreeMap<>(megabytes);
    }

    boolean holds() {
      return reckoning.holds()
          && reckoning.states().equals(new TreeMap<>(Map.of("PUBLISHED", plan.deliveries())))
          && megabytes.values().stream().allMatch(mb -> mb < plan.most());
    }

    List<String> lines() {
      List<String> lines = new ArrayList<>(reckoning.lines());
      lines.add(
          "%,.0f s from due to the last one's end; MB resident at the most: %s (to be below %,d)"
              .formatted(seconds, megabytes, plan.most()));
      return lines;
    }
  }

  Crowd(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  Report run() throws Exception {
    String name = "crowd" + Long.toString(plan.seed(), 36);
    try (Platforms platforms = Platforms.start(ALLOWED);
        Grid grid = LocalGrid.start(plan.nodes(), plan.work(), platforms.local(), HEAP, ALLOWED);
        MemoryWatch memory = new MemoryWatch(grid)) {
      Multitude multitude = new Multitude(grid, name);
      multitude.open(plan.channels(), grid.platforms(), () -> true);
      Instant due = Instant.now().plus(SLACK).plus(TO_SCHEDULE_ONE.multipliedBy(plan.deliveries()));
      progress.accept(plan.channels() + " channels are there; everything is due from " + due);
      multitude.schedule(plan.deliveries(), due, MINUTE, () -> true);
      progress.accept(multitude.acknowledged().size() + " are scheduled");
      Instant ended = await(grid, due);
      Reckoning reckoning = Reckoning.of(grid, multitude.acknowledged(), platforms.local());
      multitude.surprises().forEach(progress);
      return new Report(
          plan,
          reckoning,
          Duration.between(due, ended).toMillis() / 1_000.0,
          memory.mostMegabytes());
    }
  }

  /** Waits for the end of all, and kills a node in the middle; answers when all had ended. */
  private Instant await(Grid grid, Instant due) throws Exception {
    boolean killed = false;
    int left = plan.deliveries();
    Instant giveUp = due.plus(plan.patience());
    for (int turn = 0; left > 0 && Instant.now().isBefore(giveUp); turn++) {
      Thread.sleep(LOOK);
      try {
        left = Reckoning.waiting(grid);
        if (!killed && Reckoning.published(grid) >= plan.deliveries() / 2) {
          kill(grid);
          killed = true;
        }
        if (turn % 10 == 0) {
          progress.accept(left + " have not come to an end");
        }
      } catch (SQLException e) {
        // It is asked again until the time is over.
      }
    }
    if (!killed) {
      throw new IllegalStateException("half of them were never out: no node was killed");
    }
    return Instant.now();
  }

  private void kill(Grid grid) throws Exception {
    int node = new SplittableRandom(plan.seed()).nextInt(grid.size());
    long pid = grid.pid(node);
    progress.accept("kills node " + node + ", process " + pid);
    Shell.signal("KILL", List.of(pid));
  }
}
