package io.pulsegrid.api.problem;

import io.pulsegrid.core.failure.PulsegridException;
import java.util.Optional;

/** Tells failures of the engines behind the front in our own words. */
@FunctionalInterface
public interface FailureTranslation {
  /** What a failure means to a caller; empty for one that it does not know. */
  Optional<PulsegridException> told(Throwable failure);
}
