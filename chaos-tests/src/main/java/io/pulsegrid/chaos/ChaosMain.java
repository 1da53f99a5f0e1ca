package io.pulsegrid.chaos;

import io.pulsegrid.chaos.control.Control;
import io.pulsegrid.chaos.control.Controls;
import io.pulsegrid.chaos.fault.Fault;
import io.pulsegrid.chaos.fault.Faults;
import io.pulsegrid.chaos.judge.History;
import io.pulsegrid.chaos.judge.Table;
import io.pulsegrid.chaos.judge.Trials;
import io.pulsegrid.chaos.judge.Verdict;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code chaos}: the matrix of faults and the negative controls; the long runs are commands below
 * it. Ends with 0 when everything held and every control reported its losses, 1 when not, 2 when
 * called wrongly.
 */
@Command(
    name = "chaos",
    subcommands = {CrowdCommand.class, SoakCommand.class},
    description = "Break a grid at work in every way we know, and see what became of its promises.")
public final class ChaosMain implements Callable<Integer> {
  private static final Trials.Pace PACE =
      new Trials.Pace(Duration.ofSeconds(6), Duration.ofSeconds(8));
  private static final String CONTROLS = "controls";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "faults and controls, or \"controls\" for all of these; everything without any")
  private List<String> chosenNames = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "where the history is written")
  private @Nullable Path json;

  @Option(names = "--seed", paramLabel = "N", description = "repeats the run of that seed")
  private @Nullable Long seed;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "how many nodes (3)")
  private int nodes = 3;

  @Option(names = "--keep", description = "data and logs are kept also where everything held")
  private boolean keep;

  public static void main(String[] arguments) {
    // Before the first logger: warnings only, as the launcher has it.
    System.setProperty("logback.configurationFile", "logback-launcher.xml");
    System.exit(new CommandLine(new ChaosMain()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (nodes < 1 || nodes > 9) {
      throw misused("--nodes must be between 1 and 9, was " + nodes);
    }
    List<Fault> faults = Faults.all().stream().filter(it -> isChosen(it.name())).toList();
    List<Control> controls =
        Controls.all().stream()
            .filter(it -> isChosen(it.name()) || chosenNames.contains(CONTROLS))
            .toList();
    List<String> unknown = chosenNames.stream().filter(it -> !names().contains(it)).toList();
    if (!unknown.isEmpty()) {
      throw misused("there is no fault or control " + unknown + "; there are " + names());
    }
    long chosen = seed == null ? new SplittableRandom().nextLong(1_000_000_000) : seed;
    History history = run(faults, controls, chosen);
    Path file = json == null ? defaultFile(history) : json;
    history.write(file);
    PrintStream out = System.out;
    out.println();
    out.println(Table.of(history.verdicts(), history.controls()));
    tellTroubles(history, out);
    out.println();
    out.printf("seed %d, history in %s%n", chosen, file);
    return history.holds() ? 0 : 1;
  }

  private History run(List<Fault> faults, List<Control> controls, long chosen) throws Exception {
    Instant began = Instant.now();
    Path work = Files.createTempDirectory("pulsegrid-chaos");
    LongRun.say("seed " + chosen + ", " + nodes + " nodes, files below " + work);
    List<Verdict> verdicts =
        new Matrix(new Matrix.Plan(nodes, chosen, PACE, work), LongRun::say).run(faults);
    List<Control.Report> reports = new ArrayList<>();
    for (Control control : controls) {
      LongRun.say("control " + control.name());
      Path own = Files.createDirectories(work.resolve(control.name()));
      reports.add(control.run(own, LongRun::say));
    }
    History history = new History(chosen, nodes, began, Instant.now(), verdicts, reports);
    if (history.holds() && !keep) {
      LongRun.deleteTree(work);
    } else {
      LongRun.say("data and logs are kept below " + work);
    }
    return history;
  }

  private static void tellTroubles(History history, PrintStream out) {
    for (Verdict verdict : history.verdicts()) {
      Stream.of(
              verdict.findings().lost().stream().map(it -> "lost: " + it),
              verdict.findings().doubled().stream().map(it -> "twice: " + it),
              verdict.beyond().stream(),
              verdict.surprises().stream())
          .flatMap(it -> it.limit(5))
          .forEach(it -> out.println(verdict.fault() + ": " + it));
    }
  }

  private static Path defaultFile(History history) {
    String home = System.getProperty("pulsegrid.home", ".");
    String stamp = history.began().truncatedTo(ChronoUnit.SECONDS).toString().replace(":", "");
    return Path.of(home, "target", "chaos", stamp + "-" + history.seed() + ".json");
  }

  private boolean isChosen(String name) {
    return chosenNames.isEmpty() || chosenNames.contains(name);
  }

  private static List<String> names() {
    return Stream.of(
            Faults.all().stream().map(Fault::name),
            Controls.all().stream().map(Control::name),
            Stream.of(CONTROLS))
        .flatMap(it -> it)
        .toList();
  }

  private ParameterException misused(String rule) {
    return new ParameterException(spec.commandLine(), rule);
  }
}
