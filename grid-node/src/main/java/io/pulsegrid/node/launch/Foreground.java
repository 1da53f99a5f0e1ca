package io.pulsegrid.node.launch;

/** A session that holds the terminal until Ctrl-C, SIGTERM, or a node that refuses to go on. */
final class Foreground {
  private Foreground() {}

  /** What is done once all nodes are ready. */
  interface WhenReady {
    void run() throws InterruptedException;
  }

  static int run(UpOptions.Plan plan, Terminal terminal, WhenReady whenReady)
      throws InterruptedException {
    var session = Session.open(plan, terminal);
    var stop = new Thread(() -> stop(session, terminal), "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try (session) {
      session.start();
      terminal.say("ready " + plan.url());
      whenReady.run();
      String words = session.awaitEnd();
      if (words.isEmpty()) {
        return 0;
      }
      terminal.complain("pulsegrid: " + words);
      return Main.FAILED;
    } finally {
      forget(stop);
    }
  }

  private static void forget(Thread stop) {
    try {
      Runtime.getRuntime().removeShutdownHook(stop);
    } catch (IllegalStateException e) {
      // A signal came meanwhile: the hook runs, and ends the process when it is done.
    }
  }

  private static void stop(Session session, Terminal terminal) {
    terminal.say("stopping");
    session.close();
    terminal.say("stopped");
    // A signal asked for this end, and it came about cleanly.
    Runtime.getRuntime().halt(0);
  }
}
