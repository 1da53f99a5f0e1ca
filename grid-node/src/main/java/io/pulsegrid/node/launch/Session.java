package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.DirectoryLock;
import io.pulsegrid.node.config.SettingRefused;
import io.pulsegrid.node.store.embedded.EmbeddedStore;
import io.pulsegrid.node.store.membership.DeclaredSize;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code up}: the data directory held, Postgres, the nodes; taken down in the opposite
 * order. Closing may come from the signal handler while {@link #start} is still under way.
 */
final class Session implements AutoCloseable {
  private static final int MOST_NODES = 20;
  private static final int TURNS_FOR_OLD_NODES = 120;
  private static final String HOLDER = "pulsegrid";

  private final UpOptions.Plan plan;
  private final Terminal terminal;
  private final DirectoryLock lock;
  private @Nullable EmbeddedStore store;
  private @Nullable StoreWatch watch;
  private @Nullable Supervisor supervisor;
  private boolean closed;

  private Session(UpOptions.Plan plan, Terminal terminal, DirectoryLock lock) {
    this.plan = plan;
    this.terminal = terminal;
    this.lock = lock;
  }

  /**
   * Takes the directory.
   *
   * @throws SettingRefused when another run holds it, or a port is in use
   */
  static Session open(UpOptions.Plan plan, Terminal terminal) throws InterruptedException {
    if (!DirectoryLock.isKnown(plan.data(), HOLDER)) {
      // A start that is refused leaves nothing where nothing was.
      requirePorts(plan);
    }
    var lock = DirectoryLock.take(plan.data(), HOLDER);
    try {
      awaitOldNodes(plan, terminal);
      requirePorts(plan);
    } catch (RuntimeException | InterruptedException e) {
      lock.close();
      throw e;
    }
    return new Session(plan, terminal, lock);
  }

  /**
   * Looks whether {@link #open} would find the directory held.
   *
   * @throws SettingRefused when another run holds it
   */
  static void requireUnheld(UpOptions.Plan plan) {
    if (DirectoryLock.isKnown(plan.data(), HOLDER)) {
      DirectoryLock.take(plan.data(), HOLDER).close();
    }
  }

  private static void requirePorts(UpOptions.Plan plan) {
    for (int index = 0; index < plan.nodes(); index++) {
      if (!GridPorts.isFree(plan.port() + index)) {
        throw new SettingRefused(
            "port " + (plan.port() + index) + " is in use; choose another with --port");
      }
    }
  }

  /** Starts all and returns when every node is ready. */
  void start() throws InterruptedException {
    Supervisor nodes;
    // Held while Postgres starts: a close in the middle waits for it, then stops it.
    synchronized (this) {
      if (closed) {
        return;
      }
      nodes = new Supervisor(plan, storeAddress(), Jvm.current(), terminal);
      supervisor = nodes;
    }
    terminal.say(plan.nodes() == 1 ? "starting the node" : "starting " + plan.nodes() + " nodes");
    nodes.start();
  }

  private synchronized Map<String, String> storeAddress() {
    if (plan.outer().find("pulsegrid.store.url").isPresent()) {
      return Map.of();
    }
    terminal.say("starting PostgreSQL in " + plan.data().resolve("postgres"));
    var started = EmbeddedStore.start(plan.data());
    store = started;
    watch = StoreWatch.start(started, terminal);
    // Every node of an embedded store is this launcher's, and none runs: it knows how many there
    // will be, also where an earlier run had more.
    boolean _ = DeclaredSize.set(started.url(), new Properties(), plan.nodes());
    return Map.of("PULSEGRID_STORE_URL", started.url());
  }

  /** Waits until a node refuses to go on; returns its words, or nothing once all were drained. */
  String awaitEnd() throws InterruptedException {
    Supervisor nodes;
    boolean keepsStore;
    synchronized (this) {
      nodes = supervisor;
      keepsStore = store != null;
    }
    if (nodes == null) {
      throw new IllegalStateException("the session is not started");
    }
    String words = nodes.awaitEnd();
    if (words.isEmpty() && keepsStore) {
      terminal.say("every node was drained; PostgreSQL runs on for others, until Ctrl-C");
      new CountDownLatch(1).await();
    }
    return words;
  }

  /** Stops the nodes, then Postgres, then lets go of the directory. */
  @Override
  public void close() {
    Supervisor nodes;
    EmbeddedStore postgres;
    StoreWatch postgresWatch;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      nodes = supervisor;
      postgres = store;
      postgresWatch = watch;
    }
    if (nodes != null) {
      nodes.stop();
    }
    // Nodes that stop still write down what their calls came to.
    if (postgresWatch != null) {
      postgresWatch.close();
    }
    if (postgres != null) {
      postgres.close();
    }
    lock.close();
  }

  /** Nodes whose launcher was killed notice it and stop; a new run waits for that. */
  private static void awaitOldNodes(UpOptions.Plan plan, Terminal terminal)
      throws InterruptedException {
    for (int index = 0; index < MOST_NODES; index++) {
      var directory = plan.data().resolve("node-" + index);
      if (!DirectoryLock.isKnown(directory, "node")) {
        continue;
      }
      for (int turn = 0; turn < TURNS_FOR_OLD_NODES; turn++) {
        var free = DirectoryLock.attempt(directory, "node");
        if (free.isPresent()) {
          free.get().close();
          break;
        }
        if (turn == 0) {
          terminal.say("waiting for node " + index + " of an earlier run to stop");
        }
        TimeUnit.MILLISECONDS.sleep(500);
      }
      DirectoryLock.take(directory, "node").close();
    }
  }
}
