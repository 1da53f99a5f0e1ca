package io.pulsegrid.node.launch;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.store.embedded.EmbeddedStore;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Starts the embedded PostgreSQL again whenever it has died by itself, at the address that the
 * nodes know. One that an operator stopped is left alone.
 */
final class StoreWatch implements AutoCloseable {
  private static final long LOOK_MILLIS = 500;

  private final EmbeddedStore store;
  private final Terminal terminal;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private String complaint = "";

  private StoreWatch(EmbeddedStore store, Terminal terminal) {
    this.store = store;
    this.terminal = terminal;
    thread = Thread.ofVirtual().name("store-watch").unstarted(this::watch);
  }

  static StoreWatch start(EmbeddedStore store, Terminal terminal) {
    var watch = new StoreWatch(store, terminal);
    watch.thread.start();
    return watch;
  }

  /** Starts nothing any more once it returns. */
  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    try {
      while (!stopping.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      if (store.revive()) {
        complaint = "";
        terminal.say("PostgreSQL had died; it runs again");
      }
    } catch (PulsegridException e) {
      // Until there is room, say: it is tried again at the next look, and told once.
      String words = String.valueOf(e.getMessage());
      if (!words.equals(complaint)) {
        complaint = words;
        terminal.complain("PostgreSQL has died and does not start yet: " + words);
      }
    }
  }
}
