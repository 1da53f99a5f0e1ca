package io.pulsegrid.core.publish;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that a platform counts of a text, and how much of it the platform takes.
 *
 * @param part what it is counted of, as in "its caption"; empty for the whole text
 * @param most null where nothing is known: then only the platform itself refuses
 * @param unit what is counted, as in "characters as a reader sees them"
 */
public record Measure(String part, long count, @Nullable Integer most, String unit) {

  /** What a person is told who wants more than the platform takes; empty where it fits. */
  public Optional<String> fault() {
    if (most == null || count <= most) {
      return Optional.empty();
    }
    String subject = part.isEmpty() ? "" : part + " ";
    return Optional.of("%smust be at most %d %s, was %d".formatted(subject, most, unit, count));
  }
}
