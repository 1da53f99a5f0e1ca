package io.pulsegrid.chaos;

import io.pulsegrid.chaos.fault.Fault;
import io.pulsegrid.chaos.fault.Faults;
import io.pulsegrid.chaos.fault.Meanwhile;
import io.pulsegrid.chaos.fault.Scene;
import io.pulsegrid.chaos.judge.Reckoning;
import io.pulsegrid.chaos.load.Multitude;
import io.pulsegrid.chaos.node.Allowed;
import io.pulsegrid.chaos.node.Clocks;
import io.pulsegrid.chaos.node.Disk;
import io.pulsegrid.chaos.node.Grid;
import io.pulsegrid.chaos.node.LocalGrid;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A soak: deliveries at an even pace for a long time, while platforms fail in passing and one fault
 * of the matrix after the other strikes, in an order that the seed decides. At the end ledger,
 * platform and nodes are asked about every single one.
 */
final class Soak {
  private static final Allowed ALLOWED =
      new Allowed(32, List.of(new Allowed.Window(10_000, 10_800), new Allowed.Window(60, 30)));

  /**
   * What the platform does now and then: it fails or refuses before or after it has created the
   * post, is slow, hangs up, throttles. Refused tokens are left out: they pause a channel until a
   * person comes.
   */
  private static final String FAULTS =
      """
      [{"platform":"mastodon","op":"publish","kind":"500","probability":0.004},
       {"platform":"mastodon","op":"publish","kind":"refuse","probability":0.004},
       {"platform":"mastodon","op":"publish","kind":"429","probability":0.002},
       {"platform":"mastodon","op":"publish","kind":"create-then-500","probability":0.003},
       {"platform":"mastodon","op":"publish","kind":"create-then-400","probability":0.001},
       {"platform":"mastodon","op":"publish","kind":"create-then-close","probability":0.003},
       {"platform":"mastodon","op":"publish","kind":"create-then-delay","delayMs":7000,"probability":0.002},
       {"platform":"mastodon","op":"publish","kind":"delay","delayMs":7000,"probability":0.002}]\
      """;

  private static final Duration AHEAD = Duration.ofSeconds(10);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofSeconds(30);
  private static final Duration CALM = Duration.ofSeconds(15);

  private final Plan plan;
  private final Consumer<String> progress;

  /** Of the one thread that schedules. */
  private Instant scheduledUntil = Instant.MIN;

  /**
   * What decides a run.
   *
   * @param perSecond how many deliveries come due each second
   * @param length how long they do, and faults strike
   * @param patience for everything to come to an end after that
   * @param work a directory of its own
   */
  record Plan(
      int nodes,
      int channels,
      int perSecond,
      Duration length,
      Duration patience,
      long seed,
      Path work) {}

  /**
   * What became of it.
   *
   * @param struck the faults, in their order
   * @param troubles what no fault excuses
   */
  record Report(Plan plan, Reckoning reckoning, List<String> struck, List<String> troubles) {
    Report {
      struck = List.copyOf(struck);
      troubles = List.copyOf(troubles);
    }

    boolean holds() {
      return reckoning.holds() && troubles.isEmpty() && reckoning.promised() > 0;
    }

    List<String> lines() {
      List<String> lines = new ArrayList<>(reckoning.lines());
      lines.add(struck.size() + " faults struck: " + String.join(", ", struck));
      troubles.forEach(one -> lines.add("trouble: " + one));
      return lines;
    }
  }

  Soak(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  Report run() throws Exception {
    String name = "soak" + Long.toString(plan.seed(), 36);
    Path work = Files.createDirectories(plan.work());
    boolean ownDisk = Disk.obstacle().isEmpty();
    Clocks clocks = Clocks.obstacle().isEmpty() ? Clocks.in(work) : null;
    Map<String, String> environment = clocks == null ? Map.of() : clocks.environment();
    try (Disk disk = ownDisk ? Disk.below(work) : null;
        Platforms platforms = Platforms.start(ALLOWED);
        Grid grid = LocalGrid.start(plan.nodes(), work, platforms.local(), environment, ALLOWED)) {
      Multitude multitude = new Multitude(grid, name);
      multitude.open(plan.channels(), grid.platforms(), () -> true);
      progress.accept(plan.channels() + " channels are there");
      List<String> troubles = new CopyOnWriteArrayList<>();
      Scene scene = new Scene(grid, disk, clocks, new SplittableRandom(plan.seed()), progress);
      platforms.faults(FAULTS);
      List<String> struck = strike(scene, multitude, troubles);
      platforms.faults("[]");
      if (!scene.awaitAllReady()) {
        troubles.add("not all nodes came back");
      }
      awaitEnds(grid);
      troubles.addAll(multitude.surprises());
      return new Report(
          plan, Reckoning.of(grid, multitude.acknowledged(), platforms.local()), struck, troubles);
    }
  }

  /** One fault after the other while deliveries go out; the last is healed before this returns. */
  private List<String> strike(Scene scene, Multitude multitude, List<String> troubles)
      throws Exception {
    List<String> struck = new ArrayList<>();
    AtomicBoolean wanted = new AtomicBoolean(true);
    Instant over = Instant.now().plus(plan.length());
    scheduledUntil = Instant.now().plus(AHEAD);
    Meanwhile scheduling =
        new Meanwhile("scheduling", SECOND, () -> schedule(multitude, wanted, over));
    try {
      List<Fault> waiting = new ArrayList<>();
      while (Instant.now().plus(CALM).isBefore(over)) {
        if (waiting.isEmpty()) {
          // Each strikes before any strikes again.
          waiting.addAll(possible());
          Collections.shuffle(waiting, new Random(plan.seed() + struck.size()));
        }
        Fault fault = waiting.removeFirst();
        Thread.sleep(CALM);
        struck.add(fault.name());
        progress.accept(fault.name() + ": " + fault.story());
        strike(fault, scene, troubles);
      }
    } finally {
      wanted.set(false);
      scheduling.stop();
    }
    return struck;
  }

  private void strike(Fault fault, Scene scene, List<String> troubles) throws Exception {
    try {
      fault.inject(scene);
      Thread.sleep(fault.length());
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      troubles.add(fault.name() + " broke off: " + e);
    } finally {
      fault.heal(scene);
    }
    if (!scene.awaitAllReady()) {
      troubles.add("not all nodes came back after " + fault.name());
    }
  }

  /** What is due up to a little ahead; of a long time in which nobody answered only the last. */
  private void schedule(Multitude multitude, AtomicBoolean wanted, Instant over)
      throws InterruptedException {
    Instant until = Instant.now().plus(AHEAD);
    Instant from = scheduledUntil.isAfter(until.minus(MOST)) ? scheduledUntil : until.minus(MOST);
    Duration span = Duration.between(from, until);
    int count = (int) (plan.perSecond() * span.toMillis() / 1_000);
    if (count > 0 && Instant.now().isBefore(over)) {
      multitude.schedule(count, from, span, wanted::get);
      scheduledUntil = until;
    }
  }

  private static List<Fault> possible() throws Exception {
    List<Fault> possible = new ArrayList<>();
    for (Fault fault : Faults.all()) {
      if (fault.place() == Fault.Place.ONE_MACHINE && fault.obstacle().isEmpty()) {
        possible.add(fault);
      }
    }
    return possible;
  }

  private void awaitEnds(Grid grid) throws InterruptedException {
    Instant giveUp = Instant.now().plus(plan.patience());
    int left = 1;
    while (left > 0 && Instant.now().isBefore(giveUp)) {
      Thread.sleep(SECOND);
      try {
        left = Reckoning.waiting(grid);
      } catch (SQLException e) {
        // It is asked again until the time is over.
      }
    }
    progress.accept(left + " have not come to an end");
  }
}
