package io.pulsegrid.node.collect;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that sources are visited on, Quartz's jobs among them. */
public final class CollectThreads {
  private static final Logger log = LoggerFactory.getLogger(CollectThreads.class);

  private CollectThreads() {}

  /** One for each task, virtual. */
  public static ExecutorService start() {
    return Executors.newThreadPerTaskExecutor(
        Thread.ofVirtual()
            .name("collect-", 0)
            // Quartz throws from a job's thread what it cannot write of the job's end: when it is
            // stopped meanwhile. The job is taken up again by whoever runs its trigger next.
            .uncaughtExceptionHandler(
                (thread, e) ->
                    log.info("{} ended before its work: {}", thread.getName(), e.toString()))
            .factory());
  }
}
