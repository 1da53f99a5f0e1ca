package io.pulsegrid.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code chaos crowd}. */
@Command(
    name = "crowd",
    description = "Very many deliveries due within one minute, one node killed in the middle.")
final class CrowdCommand extends LongRun implements Callable<Integer> {
  private static final long MOST_MB = 2_048;

  @Option(names = "--deliveries", paramLabel = "N", description = "how many (100000)")
  private int deliveries = 100_000;

  @Option(names = "--channels", paramLabel = "N", description = "on how many channels (1000)")
  private int channels = 1_000;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "how long all of them may take to end (20)")
  private int minutes = 20;

  @Override
  public Integer call() throws Exception {
    Path work = work("crowd");
    Crowd.Plan plan =
        new Crowd.Plan(
            nodes(), deliveries, channels, MOST_MB, Duration.ofMinutes(minutes), seed(), work);
    say("seed " + seed() + ", files below " + work);
    Crowd.Report report = new Crowd(plan, LongRun::say).run();
    return report(report, report.lines(), report.holds(), work);
  }
}
