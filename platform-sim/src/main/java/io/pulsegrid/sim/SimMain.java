package io.pulsegrid.sim;

import java.io.UncheckedIOException;

/** The stand-in as a program: {@code --port N} and {@code --host H}; ends on SIGTERM. */
public final class SimMain {
  private static final int DEFAULT_PORT = 9_400;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private SimMain() {}

  public static void main(String[] arguments) {
    SimOptions options;
    try {
      options = parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("sim: " + e.getMessage());
      System.err.println("usage: sim [--port N] [--host H]");
      System.exit(USAGE);
      return;
    }
    try {
      Sim sim = Sim.start(options);
      Runtime.getRuntime().addShutdownHook(new Thread(sim::close, "sim-stop"));
      System.out.println("sim ready " + sim.uri());
    } catch (UncheckedIOException e) {
      System.err.println("sim: " + e.getMessage());
      System.exit(FAILED);
    }
  }

  static SimOptions parse(String[] arguments) {
    SimOptions options = SimOptions.local(DEFAULT_PORT);
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " needs a value");
      }
      String value = arguments[i + 1];
      options =
          switch (arguments[i]) {
            case "--port" -> options.onPort(port(value));
            case "--host" -> options.onHost(value);
            default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
          };
    }
    return options;
  }

  private static int port(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--port must be a number, was " + value, e);
    }
  }
}
