package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The stand-in platforms as a process beside the nodes. */
final class SimProcess implements AutoCloseable {
  private final Child child;
  private final int port;

  private SimProcess(Child child, int port) {
    this.child = child;
    this.port = port;
  }

  /** Starts it and returns when it answers. */
  static SimProcess start(Jvm jvm, int port, Terminal terminal) throws InterruptedException {
    var ready = new CountDownLatch(1);
    try {
      var child =
          Child.start(
              "sim",
              jvm.sim(port),
              Map.of(),
              line -> {
                if (line.startsWith("sim ready")) {
                  ready.countDown();
                } else {
                  terminal.complain("sim: " + line);
                }
              });
      var sim = new SimProcess(child, port);
      // Ctrl-C reaches it through the terminal; SIGTERM does not.
      Runtime.getRuntime().addShutdownHook(new Thread(sim::close, "sim-stop"));
      while (!ready.await(100, TimeUnit.MILLISECONDS)) {
        if (!child.isAlive()) {
          throw new SettingRefused("the stand-in platforms did not start on port " + port);
        }
      }
      return sim;
    } catch (IOException e) {
      throw new SettingRefused("the stand-in platforms did not start: " + e.getMessage());
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    child.askToStop();
  }
}
