package io.pulsegrid.bench.peer;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;

/** A node of db-scheduler that locks what it fetches, one task a delivery. */
public final class DbSchedulerNode {
  public static final String KIND = "db-scheduler";
  public static final String TASK = "publish";

  // What its documentation recommends to keep all threads busy.
  private static final double FETCH_BELOW = 1.0;
  private static final double FETCH_UP_TO = 4.0;
  private static final Duration POLLING = Duration.ofMillis(100);

  private DbSchedulerNode() {}

  static PeerMain.Running start(DataSource database, Work work, int threads, String name) {
    OneTimeTask<Void> task =
        Tasks.oneTime(TASK).execute((instance, _) -> work.publish(instance.getId()));
    ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    Scheduler scheduler =
        Scheduler.create(database, task)
            .schedulerName(new SchedulerName.Fixed(name))
            .executorService(calls)
            .threads(threads)
            .pollUsingLockAndFetch(FETCH_BELOW, FETCH_UP_TO)
            .pollingInterval(POLLING)
            .build();
    scheduler.start();
    return () -> {
      scheduler.stop();
      calls.shutdownNow();
    };
  }
}
