package io.pulsegrid.node.launch;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code up}: nodes on this machine, in the foreground until Ctrl-C. */
@Command(name = "up", description = "Run nodes on this machine until Ctrl-C.")
final class UpCommand implements Callable<Integer> {
  @Mixin private final UpOptions options = new UpOptions();

  @Override
  public Integer call() throws InterruptedException {
    return Foreground.run(options.plan(), Terminal.system(), () -> {});
  }
}
