package io.pulsegrid.node.launch;

import java.io.PrintStream;

/** Where the launcher speaks: what it did on the output, what others logged on the error stream. */
record Terminal(PrintStream out, PrintStream err) {
  static Terminal system() {
    return new Terminal(System.out, System.err);
  }

  void say(String line) {
    out.println(line);
    out.flush();
  }

  void complain(String line) {
    err.println(line);
    err.flush();
  }

  /** Whether a person watches the error stream, as {@code ./pulsegrid} found out. */
  static boolean isWatched() {
    return "1".equals(System.getenv("PULSEGRID_TTY"));
  }
}
