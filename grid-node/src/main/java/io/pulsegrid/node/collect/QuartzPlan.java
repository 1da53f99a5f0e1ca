package io.pulsegrid.node.collect;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.TimeZone;
import org.quartz.CronScheduleBuilder;
import org.quartz.DateBuilder;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.ObjectAlreadyExistsException;
import org.quartz.ScheduleBuilder;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;

/**
 * The plan as Quartz keeps it: for each source one durable trigger with its interval or cron, and
 * now and then a passing one for a visit that was asked for. What was missed while no node ran is
 * made up for once, at the start.
 */
public final class QuartzPlan implements VisitPlan {
  /** Quartz goes by this machine's clock, and what it is told to wait for by the store's. */
  private static final Duration CLOCKS_APART = ClockWatch.TOLERATED;

  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

  private final Scheduler scheduler;

  public QuartzPlan(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * What Quartz must be told for a store that nodes share. Acquiring within the lock keeps two
   * nodes from firing one trigger, and lets a trigger that is being committed be seen at once. Of a
   * node that has not been heard of for a dozen seconds the others fire again what it had begun.
   *
   * @param instance this process's own name, never used before: Quartz's own, a host and a
   *     millisecond, may be the same for two nodes that are started together
   * @param delegate Quartz's way to the store, which Quartz makes itself
   */
  public static Properties clustered(String instance, Class<?> delegate) {
    Properties properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceId", instance);
    properties.setProperty("org.quartz.scheduler.idleWaitTime", "5000");
    properties.setProperty("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", "20");
    properties.setProperty("org.quartz.jobStore.isClustered", "true");
    properties.setProperty("org.quartz.jobStore.clusterCheckinInterval", "5000");
    properties.setProperty("org.quartz.jobStore.acquireTriggersWithinLock", "true");
    properties.setProperty("org.quartz.jobStore.useProperties", "true");
    properties.setProperty("org.quartz.jobStore.driverDelegateClass", delegate.getName());
    return properties;
  }

  @Override
  public void put(Source source) {
    JobDetail job =
        JobBuilder.newJob(VisitJob.class)
            .withIdentity(job(source.id()))
            .usingJobData(VisitJob.KIND, source.spec().kind())
            .requestRecovery()
            .storeDurably()
            .build();
    Trigger trigger =
        TriggerBuilder.newTrigger()
            .withIdentity(source.id(), VisitJob.GROUP)
            .forJob(job)
            .withPriority(source.spec().priority())
            .withSchedule(times(source.spec().schedule()))
            .startNow()
            .build();
    told(() -> scheduler.scheduleJob(job, Set.of(trigger), true));
    if (source.spec().schedule() instanceof Schedule.Cron) {
      now(source);
    }
  }

  private static ScheduleBuilder<?> times(Schedule schedule) {
    return switch (schedule) {
      case Schedule.Every every ->
          SimpleScheduleBuilder.simpleSchedule()
              .withIntervalInMilliseconds(every.interval().toMillis())
              .repeatForever()
              .withMisfireHandlingInstructionNowWithRemainingCount();
      case Schedule.Cron cron ->
          CronScheduleBuilder.cronSchedule(cron.expression())
              .inTimeZone(UTC)
              .withMisfireHandlingInstructionFireAndProceed();
    };
  }

  @Override
  public void remove(String sourceId) {
    told(() -> scheduler.deleteJob(job(sourceId)));
  }

  @Override
  public void now(Source source) {
    TriggerKey key = TriggerKey.triggerKey(source.id(), VisitJob.ASKED);
    Trigger trigger =
        TriggerBuilder.newTrigger()
            .withIdentity(key)
            .forJob(job(source.id()))
            .withPriority(source.spec().priority())
            .usingJobData(VisitJob.ASKED, "true")
            .startNow()
            .build();
    told(
        () -> {
          if (!scheduler.checkExists(key)) {
            scheduler.scheduleJob(trigger);
          }
        });
  }

  @Override
  public void again(Source source, Duration after) {
    Duration wait = after.plus(CLOCKS_APART);
    if (source.spec().schedule() instanceof Schedule.Every every
        && every.interval().compareTo(wait) <= 0) {
      return;
    }
    int seconds = Math.clamp(wait.toSeconds() + 1, 1, Integer.MAX_VALUE);
    // Without a name of its own: the one that fires now, and is put off again, still has its.
    Trigger trigger =
        TriggerBuilder.newTrigger()
            .forJob(job(source.id()))
            .withPriority(source.spec().priority())
            .startAt(DateBuilder.futureDate(seconds, DateBuilder.IntervalUnit.SECOND))
            .build();
    told(() -> scheduler.scheduleJob(trigger));
  }

  private static JobKey job(String sourceId) {
    return JobKey.jobKey(sourceId, VisitJob.GROUP);
  }

  /** A call to Quartz. */
  private interface Call {
    void run() throws SchedulerException;
  }

  private static void told(Call call) {
    try {
      call.run();
    } catch (ObjectAlreadyExistsException asked) {
      // Two asked for the same visit at the same moment: one is enough.
    } catch (SchedulerException away) {
      throw PulsegridException.of(
          FailureCode.INTERNAL, "the schedule of the source could not be kept", away);
    }
  }
}
