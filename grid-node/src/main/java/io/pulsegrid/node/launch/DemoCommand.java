package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.SettingRefused;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}: a world to listen to and to publish in, and a node that does both. */
@Command(
    name = "demo",
    description = "Run the stand-in platforms and a node that listens and publishes there.")
final class DemoCommand implements Callable<Integer> {
  @Mixin private final UpOptions options = new UpOptions();

  @Option(
      names = "--sim-port",
      paramLabel = "PORT",
      defaultValue = "9400",
      description = "port of the stand-in platforms (9400)")
  private int simPort = 9400;

  @Override
  public Integer call() throws InterruptedException {
    var terminal = Terminal.system();
    var plan = options.plan();
    if (plan.listensOn(simPort)) {
      throw options.misused(
          "the node and the stand-in platforms cannot both listen on port "
              + simPort
              + "; choose another with --sim-port");
    }
    Session.requireUnheld(plan);
    if (!GridPorts.isFree(simPort)) {
      throw new SettingRefused("port " + simPort + " is in use; choose another with --sim-port");
    }
    try (var sim = SimProcess.start(Jvm.current(), simPort, terminal)) {
      return Foreground.run(
          plan,
          terminal,
          () ->
              new DemoScene(
                      new RestClient(URI.create(plan.url()), RestOptions.ofAdmin(plan.data())),
                      sim.url(),
                      plan,
                      terminal,
                      InstantSource.system())
                  .play());
    }
  }
}
