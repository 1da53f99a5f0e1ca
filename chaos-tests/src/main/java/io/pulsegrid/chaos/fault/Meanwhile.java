package io.pulsegrid.chaos.fault;

import java.time.Duration;

/** A thread that does something again and again until it is told to stop. */
public final class Meanwhile {
  private final Thread thread;
  private volatile boolean over;

  /** What is done; it may fail: the next turn tries again. */
  public interface Turn {
    void take() throws Exception;
  }

  public Meanwhile(String name, Duration every, Turn turn) {
    thread =
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .start(
                () -> {
                  while (!over) {
                    try {
                      take(turn);
                      Thread.sleep(every);
                    } catch (InterruptedException e) {
                      return;
                    }
                  }
                });
  }

  private static void take(Turn turn) throws InterruptedException {
    try {
      turn.take();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      // Whom it concerns does not answer just now, which may be the point.
    }
  }

  /** Returns when the last turn is over. */
  public void stop() throws InterruptedException {
    over = true;
    thread.join();
  }
}
