package io.pulsegrid.node.collect;

import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that sources are visited on, Quartz's jobs among them. */
public final class CollectThreads {
  private static final Logger log = LoggerFactory.getLogger(CollectThreads.class);

  private CollectThreads() {}

  /** Virtual ones, one for each task. */
  public static ThreadFactory factory() {
    return Thread.ofVirtual()
        .name("collect-", 0)
        .uncaughtExceptionHandler(CollectThreads::uncaught)
        .factory();
  }

  /**
   * Quartz throws from a job's thread what it cannot write of the job's end: when it is stopped
   * meanwhile. The job is taken up again by whoever runs its trigger next.
   */
  private static void uncaught(Thread thread, Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    if (trace.length > 0 && trace[0].getClassName().startsWith("org.quartz.")) {
      log.info("{} ended before Quartz had noted its end: {}", thread.getName(), e.toString());
    } else {
      log.error("{} ended with an error that nobody foresaw", thread.getName(), e);
    }
  }
}
