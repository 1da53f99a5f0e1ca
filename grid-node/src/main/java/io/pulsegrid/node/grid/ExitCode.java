package io.pulsegrid.node.grid;

/**
 * Why a node ended itself, as its exit code. Whoever runs it (launcher, compose, Kubernetes) starts
 * it again after each of them.
 */
public enum ExitCode {
  /** Its grid part failed, or the grid has cut it off (sysexits' EX_SOFTWARE). */
  GRID_FAILED(70),

  /** Its index failed, as on a disk that is full (sysexits' EX_IOERR). */
  INDEX_FAILED(74),

  /** It saw fewer nodes than the majority for too long (sysexits' EX_TEMPFAIL). */
  NO_MAJORITY(75);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** Whether a process that ended with {@code status} wants to be started again as it was. */
  public static boolean asksForRestart(int status) {
    for (ExitCode code : values()) {
      if (code.number == status) {
        return true;
      }
    }
    return false;
  }
}
