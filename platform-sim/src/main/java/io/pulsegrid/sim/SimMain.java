package io.pulsegrid.sim;

import java.io.IOException;
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
      if (Boolean.getBoolean("pulsegrid.stop-with-input")) {
        Thread.ofPlatform().name("input-watch").daemon().start(SimMain::stopWithInput);
      }
      System.out.println("sim ready " + sim.uri());
    } catch (UncheckedIOException e) {
      System.err.println("sim: " + e.getMessage());
      System.exit(FAILED);
    }
  }

  /** Whoever started the program holds its input open, and is gone when that ends. */
  private static void stopWithInput() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is ever said; only the end matters.
      }
    } catch (IOException e) {
      System.err.println("sim: the input broke: " + e.getMessage());
    }
    System.exit(0);
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
