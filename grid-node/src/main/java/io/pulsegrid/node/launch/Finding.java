package io.pulsegrid.node.launch;

/**
 * What the doctor found at one place.
 *
 * @param what was looked at, in a word or two
 * @param told what was found
 * @param remedy what to do about it; empty where nothing is wrong
 */
record Finding(String what, String told, String remedy) {
  static Finding well(String what, String told) {
    return new Finding(what, told, "");
  }

  static Finding wrong(String what, String told, String remedy) {
    return new Finding(what, told, remedy);
  }

  boolean isWrong() {
    return !remedy.isEmpty();
  }

  /** One line for what is well, two for what is not. */
  String lines() {
    String line = "%-5s %-14s %s".formatted(isWrong() ? "WRONG" : "ok", what, told);
    return isWrong() ? line + "\n      " + " ".repeat(15) + remedy : line;
  }
}
