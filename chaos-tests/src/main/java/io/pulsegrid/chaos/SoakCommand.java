package io.pulsegrid.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code chaos soak}. */
@Command(
    name = "soak",
    description = "Deliveries at an even pace for long, under one fault after the other.")
final class SoakCommand extends LongRun implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Option(names = "--minutes", paramLabel = "N", description = "for how long (30)")
  private int minutes = 30;

  @Option(names = "--rate", paramLabel = "N", description = "deliveries a second (100)")
  private int rate = 100;

  @Option(names = "--channels", paramLabel = "N", description = "on how many channels (200)")
  private int channels = 200;

  @Override
  public Integer call() throws Exception {
    Path work = work("soak");
    Soak.Plan plan =
        new Soak.Plan(nodes(), channels, rate, Duration.ofMinutes(minutes), PATIENCE, seed(), work);
    say("seed " + seed() + ", files below " + work);
    Soak.Report report = new Soak(plan, LongRun::say).run();
    return report(report, report.lines(), report.holds(), work);
  }
}
