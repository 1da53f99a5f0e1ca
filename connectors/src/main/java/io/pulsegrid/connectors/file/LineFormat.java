package io.pulsegrid.connectors.file;

/** How one kind of file turns a line's text into a draft. */
interface LineFormat {
  /** Reads a line; problems go into the draft. */
  void read(String line, Draft draft);

  /** Whether a line of this text is no line at all. */
  default boolean isEmpty(String line) {
    return line.isBlank();
  }
}
