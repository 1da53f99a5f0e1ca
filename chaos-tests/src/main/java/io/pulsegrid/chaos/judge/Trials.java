package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.fault.Fault;
import io.pulsegrid.chaos.fault.Meanwhile;
import io.pulsegrid.chaos.fault.Scene;
import io.pulsegrid.chaos.load.Deed;
import io.pulsegrid.chaos.load.Promise;
import io.pulsegrid.chaos.load.Workload;
import io.pulsegrid.chaos.node.Clocks;
import io.pulsegrid.chaos.node.Disk;
import io.pulsegrid.chaos.node.Grid;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One fault after the other on a grid at work: injected, healed, everything given its time to
 * settle, judged. What one verdict has named, the next ones leave out.
 */
public final class Trials {
  private static final Duration TO_VERIFY = Duration.ofSeconds(90);
  private static final Duration TO_END = Duration.ofSeconds(150);
  private static final Duration BETWEEN = Duration.ofSeconds(2);

  private static final int MOST_RETURNS = 5;
  private static final int SLOWEST = 5;

  private final Place place;
  private final Workload workload;
  private final SplittableRandom chance;
  private final Pace pace;
  private final Consumer<String> progress;
  private final Set<String> named = new HashSet<>();
  private final List<Verdict.Event> events = new CopyOnWriteArrayList<>();

  /**
   * Where trials are held.
   *
   * @param sim where the stand-in platforms answer us
   */
  public record Place(Grid grid, @Nullable Disk disk, @Nullable Clocks clocks, URI sim) {}

  /**
   * How long the grid is watched at work.
   *
   * @param before the fault
   * @param after it is healed and all nodes are ready
   */
  public record Pace(Duration before, Duration after) {}

  public Trials(
      Place place,
      Workload workload,
      SplittableRandom chance,
      Pace pace,
      Consumer<String> progress) {
    this.place = place;
    this.workload = workload;
    this.chance = chance;
    this.pace = pace;
    this.progress = progress;
  }

  public Verdict of(Fault fault) throws Exception {
    events.clear();
    int surprises = workload.deeds().surprises().size();
    int violations = Arrivals.violations(place.sim());
    Course course = run(fault);
    List<Deed> deeds = workload.deeds().since(course.struck());
    Findings findings =
        Findings.of(place.grid(), workload, place.sim(), course.began()).without(named);
    named.addAll(findings.lost());
    named.addAll(findings.doubled());
    Costs costs = costs(course, deeds);
    return new Verdict(
        fault.name(),
        "",
        events,
        load(course, deeds),
        findings,
        Arrivals.violations(place.sim()) - violations,
        costs,
        costs.beyond(fault.bounds().among(place.grid().size())),
        Stream.concat(
                workload.deeds().surprises().stream().skip(surprises),
                fault.isPlanned() ? Service.unserved(deeds).stream() : Stream.of())
            .toList());
  }

  /**
   * When what happened.
   *
   * @param strikes of the fault, the first when it began
   * @param clean when {@code verify} was clean the first time after the healing; null for never
   * @param whole when all nodes were ready; null for never
   * @param verifyMillis how long after that it was clean at rest; -1 for never
   * @param armedMillis the longest that a delivery stayed ARMED beyond its lease
   * @param promises what was acknowledged meanwhile
   */
  private record Course(
      Instant began,
      List<Instant> strikes,
      Instant healed,
      @Nullable Instant clean,
      @Nullable Instant whole,
      long verifyMillis,
      long armedMillis,
      List<Promise> promises) {
    Instant struck() {
      return strikes.getFirst();
    }
  }

  private Course run(Fault fault) throws Exception {
    Scene scene = new Scene(place.grid(), place.disk(), place.clocks(), chance, this::note);
    Instant began = Instant.now();
    workload.write(true);
    Thread.sleep(pace.before());
    List<Instant> strikes = new ArrayList<>(List.of(Instant.now()));
    try (ArmedWatch armed = new ArmedWatch(place.grid().store())) {
      Instant healed = strike(fault, scene, strikes);
      Verifying verifying = new Verifying(place.grid());
      AtomicReference<@Nullable Instant> clean = new AtomicReference<>();
      Meanwhile asking = new Meanwhile("verifying", BETWEEN, () -> look(verifying, clean));
      @Nullable Instant whole;
      try {
        whole = awaitReady(scene);
      } finally {
        asking.stop();
      }
      workload.write(false);
      long verifyMillis = awaitClean(verifying, whole == null ? healed : whole);
      look(verifying, clean);
      List<Promise> promises =
          workload.promises().stream()
              .filter(promise -> !promise.acknowledged().isBefore(began))
              .toList();
      awaitEnds(promises);
      return new Course(
          began,
          strikes,
          healed,
          clean.get(),
          whole,
          verifyMillis,
          armed.longestMillis(),
          promises);
    }
  }

  /** Returns when it was healed; nothing stays broken, whatever comes in between. */
  private Instant strike(Fault fault, Scene scene, List<Instant> strikes) throws Exception {
    try {
      fault.inject(scene);
      events.forEach(event -> strikes.add(event.at()));
      Thread.sleep(fault.length());
    } finally {
      fault.heal(scene);
    }
    note("healed");
    return Instant.now();
  }

  /** Notes when {@code verify} is clean for the first time. */
  private static void look(Verifying verifying, AtomicReference<@Nullable Instant> clean)
      throws InterruptedException {
    if (clean.get() == null && verifying.isClean()) {
      clean.set(Instant.now());
    }
  }

  private Costs costs(Course course, List<Deed> deeds) throws IOException, SQLException {
    Arrivals arrivals = Arrivals.at(place.sim());
    Set<String> caught = Findings.caught(place.grid());
    Map<Boolean, List<Promise>> wasCaught =
        course.promises().stream()
            .collect(Collectors.partitioningBy(promise -> caught.contains(promise.id())));
    List<Promise> straight = wasCaught.getOrDefault(false, List.of());
    Lateness.slowest(straight, arrivals, course.struck(), SLOWEST)
        .forEach(it -> events.add(new Verdict.Event(Instant.now(), it)));
    return new Costs(
        Lateness.of(straight, arrivals, course.struck()),
        Lateness.of(wasCaught.getOrDefault(true, List.of()), arrivals, course.struck()),
        course.armedMillis(),
        Service.seen(deeds, workload.looks(), course.strikes(), course.healed()),
        new Costs.Healing(
            millis(course.healed(), course.clean()),
            millis(course.healed(), course.whole()),
            course.verifyMillis()));
  }

  private static long millis(Instant from, @Nullable Instant to) {
    return to == null ? -1 : Math.max(0, Duration.between(from, to).toMillis());
  }

  /**
   * When all nodes were ready and stayed so under load; null if they never were. A node that was
   * thought dead says for a moment that it is ready, and leaves then.
   */
  private @Nullable Instant awaitReady(Scene scene) throws InterruptedException {
    for (int turn = 0; turn < MOST_RETURNS; turn++) {
      if (!scene.awaitAllReady()) {
        break;
      }
      Instant ready = Instant.now();
      Thread.sleep(pace.after());
      if (scene.areAllReady()) {
        note("all nodes are ready");
        return ready;
      }
    }
    note("not all nodes came back");
    return null;
  }

  private void note(String what) {
    events.add(new Verdict.Event(Instant.now(), what));
    progress.accept(what);
  }

  private Verdict.Load load(Course course, List<Deed> deeds) {
    int posts =
        workload.lots().stream()
            .filter(lot -> !lot.acknowledged().isBefore(course.began()))
            .mapToInt(lot -> lot.nativeIds().size())
            .sum();
    long searches = deeds.stream().filter(deed -> deed.kind() == Deed.Kind.SEARCH).count();
    return new Verdict.Load(posts, course.promises().size(), (int) searches);
  }

  /** How long after the grid was whole {@code verify} was clean at rest; -1 if it never was. */
  private long awaitClean(Verifying verifying, Instant whole) throws InterruptedException {
    boolean clean = verifying.awaitClean(Instant.now().plus(TO_VERIFY));
    note("verify is " + (clean ? "clean: " : "not clean: ") + verifying.said());
    return clean ? millis(whole, Instant.now()) : -1;
  }

  private void awaitEnds(List<Promise> promises) throws InterruptedException {
    Instant giveUp = Instant.now().plus(TO_END);
    while (Instant.now().isBefore(giveUp)) {
      try {
        if (Findings.allEnded(place.grid(), promises)) {
          return;
        }
      } catch (SQLException e) {
        // It may just be starting; it is asked again until the time is over.
      }
      Thread.sleep(500);
    }
    note("not every delivery came to an end");
  }
}
