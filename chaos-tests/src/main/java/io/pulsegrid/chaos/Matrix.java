package io.pulsegrid.chaos;

import io.pulsegrid.chaos.fault.Fault;
import io.pulsegrid.chaos.judge.Trials;
import io.pulsegrid.chaos.judge.Verdict;
import io.pulsegrid.chaos.load.Workload;
import io.pulsegrid.chaos.node.Clocks;
import io.pulsegrid.chaos.node.Disk;
import io.pulsegrid.chaos.node.Grid;
import io.pulsegrid.chaos.node.HostsGrid;
import io.pulsegrid.chaos.node.LocalGrid;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Faults one after the other: those of one machine on one grid, those of several on another. */
public final class Matrix {
  private final Plan plan;
  private final Consumer<String> progress;

  /**
   * What decides a run.
   *
   * @param work a directory of its own
   */
  public record Plan(int nodes, long seed, Trials.Pace pace, Path work) {}

  public Matrix(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  public List<Verdict> run(List<Fault> faults) throws Exception {
    List<Verdict> verdicts = new ArrayList<>();
    List<Fault> here = new ArrayList<>();
    List<Fault> hosts = new ArrayList<>();
    for (Fault fault : faults) {
      Optional<String> obstacle = fault.obstacle();
      if (obstacle.isPresent()) {
        progress.accept(fault.name() + " is skipped: " + obstacle.get());
        verdicts.add(Verdict.skipped(fault.name(), obstacle.get()));
      } else if (fault.place() == Fault.Place.SEVERAL_HOSTS) {
        hosts.add(fault);
      } else {
        here.add(fault);
      }
    }
    if (!here.isEmpty()) {
      verdicts.addAll(onOneMachine(here));
    }
    if (!hosts.isEmpty()) {
      verdicts.addAll(onSeveralHosts(hosts));
    }
    return verdicts;
  }

  private List<Verdict> onOneMachine(List<Fault> faults) throws Exception {
    Path work = Files.createDirectories(plan.work().resolve("machine"));
    boolean ownDisk = Disk.obstacle().isEmpty();
    Clocks clocks = Clocks.obstacle().isEmpty() ? Clocks.in(work) : null;
    Map<String, String> environment = clocks == null ? Map.of() : clocks.environment();
    try (Disk disk = ownDisk ? Disk.below(work) : null;
        Platforms platforms = Platforms.start();
        Grid grid = LocalGrid.start(plan.nodes(), work, platforms.local(), environment)) {
      return judge(new Trials.Place(grid, disk, clocks, platforms.local()), "m", faults);
    }
  }

  private List<Verdict> onSeveralHosts(List<Fault> faults) throws Exception {
    Path work = Files.createDirectories(plan.work().resolve("hosts"));
    try (Platforms platforms = Platforms.start();
        Grid grid = HostsGrid.start(plan.nodes(), work, platforms.port(), Map.of())) {
      return judge(new Trials.Place(grid, null, null, platforms.local()), "h", faults);
    }
  }

  private List<Verdict> judge(Trials.Place place, String prefix, List<Fault> faults)
      throws Exception {
    progress.accept(place.grid().size() + " nodes are ready");
    String run = prefix + Long.toString(plan.seed() & 0xffff_ffffL, 36);
    List<Verdict> verdicts = new ArrayList<>();
    try (Workload workload = new Workload(place.grid(), plan.seed(), run)) {
      workload.start(run);
      progress.accept("imports, schedules and searches are under way");
      Trials trials =
          new Trials(place, workload, new SplittableRandom(plan.seed()), plan.pace(), progress);
      for (Fault fault : faults) {
        progress.accept(fault.name() + ": " + fault.story());
        verdicts.add(tried(trials, fault));
      }
    }
    return verdicts;
  }

  /** A trial that breaks off fails the run; the others are held all the same. */
  private Verdict tried(Trials trials, Fault fault) throws InterruptedException {
    try {
      return trials.of(fault);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      progress.accept(fault.name() + " broke off: " + e);
      return Verdict.brokenOff(fault.name(), e);
    }
  }
}
