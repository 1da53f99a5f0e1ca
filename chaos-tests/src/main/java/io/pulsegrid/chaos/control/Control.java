package io.pulsegrid.chaos.control;

import java.nio.file.Path;
import java.util.function.Consumer;

/** An unsafe way of doing what Pulsegrid does, under a fault that shows why it is unsafe. */
public interface Control {
  /** What the checks made of it. */
  enum Outcome {
    /** They reported the loss, as they must. */
    REPORTED,
    /** They found nothing: they cannot be trusted. */
    UNNOTICED,
    /** It cannot be done here. */
    SKIPPED
  }

  /**
   * What came of it.
   *
   * @param found in one line, with figures; or why it was skipped
   */
  record Report(String name, Outcome outcome, String found) {}

  String name();

  /**
   * Runs it.
   *
   * @param work a directory of its own
   */
  Report run(Path work, Consumer<String> progress) throws Exception;
}
