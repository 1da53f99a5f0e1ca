package io.pulsegrid.node.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code doctor}: looks for what keeps a node from working; 1 where something is wrong. */
@Command(name = "doctor", description = "Look for what keeps a node from working.")
final class DoctorCommand implements Callable<Integer> {
  @Mixin private final RestOptions rest = new RestOptions();

  @Option(names = "--config", paramLabel = "FILE", description = "the nodes' settings")
  private @Nullable Path config;

  @Override
  public Integer call() throws InterruptedException {
    var terminal = Terminal.system();
    rest.settings = OuterSettings.of(config, System.getenv());
    List<Finding> findings = new Examination(rest).findings();
    findings.forEach(finding -> terminal.say(finding.lines()));
    long wrong = findings.stream().filter(Finding::isWrong).count();
    terminal.say(wrong == 0 ? "nothing is wrong" : wrong + " of " + findings.size() + " are wrong");
    return wrong == 0 ? 0 : Main.FAILED;
  }
}
