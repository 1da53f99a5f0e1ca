package io.pulsegrid.node.listen;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** The threads that wait for Postgres, each with a connection of its own. */
public final class StoreThreads implements AutoCloseable {
  private final ExecutorService threads;

  public StoreThreads(ExecutorService threads) {
    this.threads = threads;
  }

  /** Something done with a connection. */
  interface Task {
    void run() throws SQLException;
  }

  /** Runs tasks side by side; returns when all have ended, and fails as the first that failed. */
  void run(List<Task> tasks) throws SQLException {
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (Task task : tasks) {
      calls.add(
          () -> {
            task.run();
            return true;
          });
    }
    try {
      for (Future<Boolean> done : threads.invokeAll(calls)) {
        boolean _ = done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for Postgres", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case SQLException ofTheStore -> throw ofTheStore;
        case RuntimeException ofTheGrid -> throw ofTheGrid;
        case null, default -> throw new IllegalStateException("a task ended early", e);
      }
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
