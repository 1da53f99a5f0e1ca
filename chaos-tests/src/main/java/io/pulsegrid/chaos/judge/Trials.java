package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.fault.Fault;
import io.pulsegrid.chaos.fault.Scene;
import io.pulsegrid.chaos.load.Deed;
import io.pulsegrid.chaos.load.Promise;
import io.pulsegrid.chaos.load.Workload;
import io.pulsegrid.chaos.node.Answer;
import io.pulsegrid.chaos.node.Clocks;
import io.pulsegrid.chaos.node.Disk;
import io.pulsegrid.chaos.node.Grid;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One fault after the other on a grid at work: injected, healed, everything given its time to
 * settle, judged. What one verdict has named, the next ones leave out.
 */
public final class Trials {
  private static final Duration TO_VERIFY = Duration.ofSeconds(90);
  private static final Duration TO_END = Duration.ofSeconds(150);
  private static final Duration ASKING = Duration.ofSeconds(30);

  private static final int LONGEST_NOTE = 300;
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
    Scene scene = new Scene(place.grid(), place.disk(), place.clocks(), chance, this::note);
    Instant began = Instant.now();
    workload.write(true);
    Thread.sleep(pace.before());
    Instant injected = Instant.now();
    Instant healed = strike(fault, scene);
    Instant whole = awaitReady(scene);
    workload.write(false);
    long verifyMillis = awaitClean(whole == null ? healed : whole);
    List<Promise> promises =
        workload.promises().stream()
            .filter(promise -> !promise.acknowledged().isBefore(began))
            .toList();
    awaitEnds(promises);
    List<Deed> deeds = workload.deeds().since(injected);
    Findings findings = Findings.of(place.grid(), workload, place.sim(), began).without(named);
    named.addAll(findings.lost());
    named.addAll(findings.doubled());
    Arrivals arrivals = Arrivals.at(place.sim());
    Set<String> caught = Findings.caught(place.grid());
    List<Promise> straight = promises.stream().filter(it -> !caught.contains(it.id())).toList();
    Lateness.slowest(straight, arrivals, injected, SLOWEST)
        .forEach(it -> events.add(new Verdict.Event(Instant.now(), it)));
    return new Verdict(
        fault.name(),
        "",
        events,
        load(began, promises.size(), deeds),
        findings,
        Arrivals.violations(place.sim()) - violations,
        Lateness.of(straight, arrivals, injected),
        Lateness.of(
            promises.stream().filter(it -> caught.contains(it.id())).toList(), arrivals, injected),
        Service.seen(deeds, workload.looks(), injected, healed),
        verifyMillis,
        whole == null ? -1 : Math.max(0, Duration.between(healed, whole).toMillis()),
        Stream.concat(
                workload.deeds().surprises().stream().skip(surprises),
                fault.isPlanned() ? Service.unserved(deeds).stream() : Stream.of())
            .toList());
  }

  /** Returns when it was healed; nothing stays broken, whatever comes in between. */
  private Instant strike(Fault fault, Scene scene) throws Exception {
    try {
      fault.inject(scene);
      Thread.sleep(fault.length());
    } finally {
      fault.heal(scene);
    }
    note("healed");
    return Instant.now();
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

  private Verdict.Load load(Instant began, int promises, List<Deed> deeds) {
    int posts =
        workload.lots().stream()
            .filter(lot -> !lot.acknowledged().isBefore(began))
            .mapToInt(lot -> lot.nativeIds().size())
            .sum();
    long searches = deeds.stream().filter(deed -> deed.kind() == Deed.Kind.SEARCH).count();
    return new Verdict.Load(posts, promises, (int) searches);
  }

  /** How long after the grid was whole {@code verify} was clean; -1 if it never was. */
  private long awaitClean(Instant whole) throws InterruptedException {
    Instant giveUp = Instant.now().plus(TO_VERIFY);
    String last = "";
    for (int turn = 0; Instant.now().isBefore(giveUp); turn++) {
      try {
        Answer answer =
            place.grid().rest(turn % place.grid().size()).waiting(ASKING).post("/verify", "");
        last = answer.body().toString();
        if (answer.status() == 200 && answer.body().path("clean").asBoolean(false)) {
          long millis = Duration.between(whole, Instant.now()).toMillis();
          note("verify is clean: " + shortened(last));
          return millis;
        }
      } catch (IOException e) {
        last = e.toString();
      }
      Thread.sleep(1_000);
    }
    note("verify is not clean: " + shortened(last));
    return -1;
  }

  private static String shortened(String answer) {
    return answer.length() <= LONGEST_NOTE ? answer : answer.substring(0, LONGEST_NOTE) + " ...";
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
