package io.pulsegrid.chaos.fault;

import java.time.Duration;

/** A thread that does harm again and again until it is told to stop. */
final class Meanwhile {
  private final Thread thread;
  private volatile boolean over;

  /** Harm that may fail: the next turn tries again. */
  interface Harm {
    void turn() throws Exception;
  }

  Meanwhile(String name, Duration every, Harm harm) {
    thread =
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .start(
                () -> {
                  while (!over) {
                    try {
                      harm.turn();
                      Thread.sleep(every);
                    } catch (InterruptedException e) {
                      return;
                    } catch (Exception e) {
                      // What it harms does not answer just now, which is the point.
                    }
                  }
                });
  }

  void stop() throws InterruptedException {
    over = true;
    thread.join();
  }
}
