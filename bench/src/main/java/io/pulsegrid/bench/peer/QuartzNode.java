package io.pulsegrid.bench.peer;

import java.util.Properties;
import javax.sql.DataSource;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** A node of Quartz with its clustered JDBC store, one trigger a delivery. */
public final class QuartzNode {
  public static final String KIND = "quartz";
  public static final String SCHEDULER = "bench";

  private static final String WORK = "work";

  private QuartzNode() {}

  static PeerMain.Running start(DataSource database, Work work, int threads, String name)
      throws SchedulerException {
    DBConnectionManager.getInstance().addConnectionProvider("peers", new Pooled(database));
    Scheduler scheduler = new StdSchedulerFactory(settings(threads, name)).getScheduler();
    scheduler.getContext().put(WORK, work);
    scheduler.start();
    return () -> {
      try {
        scheduler.shutdown(false);
      } catch (SchedulerException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private static Properties settings(int threads, String name) {
    Properties properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceName", SCHEDULER);
    properties.setProperty("org.quartz.scheduler.instanceId", name);
    properties.setProperty("org.quartz.scheduler.idleWaitTime", "1000");
    // As many as there are threads: fewer rounds under the lock that all nodes share.
    properties.setProperty(
        "org.quartz.scheduler.batchTriggerAcquisitionMaxCount", String.valueOf(threads));
    properties.setProperty("org.quartz.threadPool.threadCount", String.valueOf(threads));
    properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.setProperty("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
    properties.setProperty(
        "org.quartz.jobStore.driverDelegateClass",
        "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
    properties.setProperty("org.quartz.jobStore.dataSource", "peers");
    properties.setProperty("org.quartz.jobStore.isClustered", "true");
    properties.setProperty("org.quartz.jobStore.acquireTriggersWithinLock", "true");
    properties.setProperty("org.quartz.jobStore.useProperties", "true");
    return properties;
  }

  /** What a trigger fires; its name is the delivery's. */
  public static final class Publish implements Job {
    @Override
    public void execute(JobExecutionContext context) {
      try {
        if (context.getScheduler().getContext().get(WORK) instanceof Work work) {
          work.publish(context.getTrigger().getKey().getName());
        }
      } catch (SchedulerException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Connections from the pool that the work takes its own from. */
  private record Pooled(DataSource database) implements ConnectionProvider {
    @Override
    public java.sql.Connection getConnection() throws java.sql.SQLException {
      return database.getConnection();
    }

    @Override
    public void shutdown() {}

    @Override
    public void initialize() {}
  }
}
