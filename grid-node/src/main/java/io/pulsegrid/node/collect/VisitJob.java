package io.pulsegrid.node.collect;

import io.pulsegrid.node.collect.SourceVisitor.Due;
import java.time.Instant;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobDataMap;
import org.quartz.JobExecutionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A visit as Quartz fires it: one source's do not overlap, and one cut short by a node's death is
 * fired again on another. Its class name stands in Postgres: renaming it needs a migration.
 */
@DisallowConcurrentExecution
public final class VisitJob implements Job {
  static final String GROUP = "source";
  static final String KIND = "kind";
  static final String ASKED = "asked";

  private static final Logger log = LoggerFactory.getLogger(VisitJob.class);

  private final SourceVisitor visitor;

  public VisitJob(SourceVisitor visitor) {
    this.visitor = visitor;
  }

  @Override
  public void execute(JobExecutionContext context) {
    JobDataMap data = context.getMergedJobDataMap();
    String sourceId = context.getJobDetail().getKey().getName();
    try {
      visitor.visit(
          new Due(
              sourceId,
              data.getString(KIND),
              context.getTrigger().getPriority(),
              slot(context),
              data.containsKey(ASKED),
              context.isRecovering()));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Thrown on, Quartz would log it without the source; the next slot comes either way.
      log.error("The visit to source {} broke; the next one follows on its schedule", sourceId, e);
    }
  }

  private static Instant slot(JobExecutionContext context) {
    return context.getScheduledFireTime().toInstant();
  }
}
