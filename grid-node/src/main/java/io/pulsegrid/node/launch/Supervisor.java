package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.SettingRefused;
import io.pulsegrid.node.grid.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the nodes of one machine running. A node that dies is started again, later each time it
 * does not become ready; one that refuses its settings, or does not get through its very first
 * start, ends the whole, and so does the last that was drained.
 */
final class Supervisor {
  private static final long FIRST_PAUSE_SECONDS = 1;
  private static final long LONGEST_PAUSE_SECONDS = 30;
  private static final long PATIENCE_SECONDS = 40;

  private final UpOptions.Plan plan;
  private final Map<String, String> environment;
  private final GridPorts ports;
  private final Jvm jvm;
  private final Terminal terminal;
  private final Readiness readiness = new Readiness();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch allReady;
  // Why all of it ends: the words of a node that refuses to go on, none once all were drained.
  private final CompletableFuture<String> ending = new CompletableFuture<>();
  private final AtomicInteger drained = new AtomicInteger();
  private final List<NodeRun> runs = new CopyOnWriteArrayList<>();

  Supervisor(UpOptions.Plan plan, Map<String, String> environment, Jvm jvm, Terminal terminal) {
    this.plan = plan;
    this.environment = Map.copyOf(environment);
    this.ports =
        GridPorts.free(
            plan.nodes(),
            plan.outer().find("pulsegrid.grid.host").orElse("127.0.0.1"),
            plan.outer().find("pulsegrid.client.host").orElse("127.0.0.1"),
            plan.outer()
                .find("pulsegrid.client.port")
                .map(Integer::parseInt)
                .orElse(GridPorts.CLIENT));
    this.jvm = jvm;
    this.terminal = terminal;
    this.allReady = new CountDownLatch(plan.nodes());
  }

  /**
   * Starts every node and returns when all are ready.
   *
   * @throws SettingRefused with the node's own words when one does not get there
   */
  void start() throws InterruptedException {
    for (int index = 0; index < plan.nodes(); index++) {
      var run = new NodeRun(index);
      runs.add(run);
      run.thread = Thread.ofVirtual().name("node-" + index).start(run);
    }
    while (!allReady.await(200, TimeUnit.MILLISECONDS)) {
      String reason = ending.getNow("");
      if (!reason.isEmpty()) {
        throw new SettingRefused(reason);
      }
    }
  }

  /** Waits until a node refuses to go on; returns its words, or nothing once all were drained. */
  String awaitEnd() throws InterruptedException {
    try {
      return ending.get();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops every node, the slow ones by force after a while. */
  void stop() {
    stopping.countDown();
    runs.forEach(NodeRun::tellThatAllStop);
    runs.forEach(NodeRun::askToStop);
    runs.forEach(NodeRun::awaitStop);
    ports.close();
  }

  /** One node over all of its lives. */
  private final class NodeRun implements Runnable {
    private final int index;
    private volatile @Nullable Thread thread;
    private volatile @Nullable Child child;
    private volatile String refusal = "";
    private volatile boolean wasReady;

    NodeRun(int index) {
      this.index = index;
    }

    @Override
    public void run() {
      try {
        long pause = FIRST_PAUSE_SECONDS;
        while (stopping.getCount() > 0) {
          Child current = launch();
          boolean ready = awaitReady(current);
          int status = current.awaitEnd();
          if (stopping.getCount() == 0) {
            return;
          }
          if (!refusal.isEmpty()) {
            ending.complete(refusal);
            return;
          }
          if (ready && status == 0) {
            terminal.say("node " + index + " was drained and stays away");
            if (drained.incrementAndGet() == plan.nodes()) {
              ending.complete("");
            }
            return;
          }
          // One that waited in vain for nodes on other machines, say, tries again for ever.
          if (!wasReady && !ExitCode.asksForRestart(status)) {
            ending.complete(
                "node %d ended with %d before it was ready; its log is %s"
                    .formatted(index, status, logFile()));
            return;
          }
          pause = ready ? FIRST_PAUSE_SECONDS : Math.min(2 * pause, LONGEST_PAUSE_SECONDS);
          terminal.say(
              "node %d ended with %d; it starts again in %d s".formatted(index, status, pause));
          if (stopping.await(pause, TimeUnit.SECONDS)) {
            return;
          }
        }
      } catch (IOException e) {
        ending.complete("node " + index + " cannot be started: " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private Child launch() throws IOException {
      var started =
          Child.start("node-" + index, jvm.node(plan, index, ports), environment, this::handOn);
      child = started;
      if (stopping.getCount() == 0) {
        started.askToStop(); // stop() may have looked just before
      }
      return started;
    }

    private boolean awaitReady(Child current) throws InterruptedException {
      for (int turn = 1; !current.endsWithin(150, TimeUnit.MILLISECONDS); turn++) {
        if (readiness.of(plan.url(index))) {
          if (wasReady) {
            terminal.say("node " + index + " is back");
          } else {
            wasReady = true;
            allReady.countDown();
          }
          return true;
        }
        if (turn % 200 == 0) {
          terminal.say("node " + index + " is still starting; its log is " + logFile());
        }
      }
      return false;
    }

    private void handOn(String line) {
      // One that was ready goes on being started: what it refuses now may pass, and others serve.
      Optional<String> words = wasReady ? Optional.empty() : Refusal.in(line);
      if (words.isPresent()) {
        refusal = words.get();
      } else if (!line.startsWith("WARNING: Using incubator modules")) {
        terminal.complain(plan.nodes() == 1 ? line : "node-" + index + " " + line);
      }
    }

    private java.nio.file.Path logFile() {
      return plan.data().resolve("logs/node-" + index + ".log");
    }

    private void tellThatAllStop() {
      Child current = child;
      if (current != null) {
        current.tellThatAllStop();
      }
    }

    private void askToStop() {
      Child current = child;
      if (current != null) {
        current.askToStop();
      }
    }

    private void awaitStop() {
      Child current = child;
      try {
        if (current != null && !current.endsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          terminal.complain("node " + index + " does not stop; it is killed");
          current.kill();
        }
        Thread watching = thread;
        if (watching != null) {
          watching.join();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
