package io.pulsegrid.chaos.load;

import io.pulsegrid.chaos.node.Answer;
import io.pulsegrid.chaos.node.Grid;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** All that users do at once: import, schedule and search, without an end until it is closed. */
public final class Workload implements AutoCloseable {
  private static final int BEACONS = 120;
  private static final Duration TO_BE_FOUND = Duration.ofMinutes(2);

  private final Deeds deeds = new Deeds();
  private final AtomicBoolean wanted = new AtomicBoolean(true);
  private final AtomicBoolean writing = new AtomicBoolean(true);
  private final List<Thread> threads = new ArrayList<>();
  private final Importing importing;
  private final Publishing publishing;
  private final Peers peers;
  private final Grid grid;
  private @Nullable Searching searching;

  /**
   * A workload that a seed decides.
   *
   * @param run tells its words and accounts from those of other runs; letters and digits
   */
  public Workload(Grid grid, long seed, String run) {
    this.grid = grid;
    this.peers = new Peers(grid, deeds);
    this.importing = new Importing(peers, deeds, new Texts(seed), run);
    this.publishing = new Publishing(peers, deeds, new Texts(~seed), run);
  }

  /** Makes the channels, imports what is searched for, and starts once it is found everywhere. */
  public void start(String run) throws IOException, InterruptedException {
    publishing.open(grid.platforms());
    Lot beacons = importing.add("beacon" + run, BEACONS, wanted).orElseThrow();
    awaitFound(beacons);
    Searching looking = new Searching(peers, beacons);
    searching = looking;
    spawn("importing", importing, writing);
    spawn("publishing", publishing, writing);
    spawn("searching", looking, wanted);
  }

  /** Lets imports and schedules rest or go on; searches go on regardless. */
  public void write(boolean on) {
    writing.set(on);
  }

  public Deeds deeds() {
    return deeds;
  }

  public List<Lot> lots() {
    return importing.acknowledged();
  }

  public List<Promise> promises() {
    return publishing.promises();
  }

  public List<Look> looks() {
    Searching looking = searching;
    return looking == null ? List.of() : looking.looks();
  }

  /** What a node finds for a lot's word. */
  public Set<String> find(int node, String word) throws IOException, InterruptedException {
    Answer answer = Searching.find(grid.rest(node).waiting(Duration.ofSeconds(10)), word);
    return Searching.found(answer);
  }

  @Override
  public void close() {
    wanted.set(false);
    writing.set(false);
    try {
      for (Thread thread : threads) {
        thread.interrupt();
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void spawn(String name, Activity activity, AtomicBoolean on) {
    threads.add(
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .start(
                () -> {
                  try {
                    while (wanted.get()) {
                      Thread.sleep(on.get() ? activity.turn(wanted) : Duration.ofMillis(100));
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  } catch (RuntimeException e) {
                    // This activity ends; the judge must not take its silence for peace.
                    deeds.surprise(name + " broke off: " + e);
                  }
                }));
  }

  private void awaitFound(Lot beacons) throws IOException, InterruptedException {
    Instant giveUp = Instant.now().plus(TO_BE_FOUND);
    for (int node = 0; node < grid.size(); node++) {
      while (!find(node, beacons.word()).containsAll(beacons.nativeIds())) {
        if (Instant.now().isAfter(giveUp)) {
          throw new IOException("node " + node + " does not find what was imported");
        }
        Thread.sleep(500);
      }
    }
  }
}
