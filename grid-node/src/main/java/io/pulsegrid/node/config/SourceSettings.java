package io.pulsegrid.node.config;

import io.pulsegrid.core.limit.WindowRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a source of each kind starts from, as {@code sources.yml} says it. */
public record SourceSettings(Map<String, Kind> kinds) {
  public SourceSettings {
    kinds = Map.copyOf(kinds);
  }

  /** The kind of that name; empty for one that nothing is said about. */
  public Optional<Kind> kind(String name) {
    return Optional.ofNullable(kinds.get(name));
  }

  /**
   * One kind of source.
   *
   * @param every between two collections, where the source does not say
   * @param timeout of one call
   * @param concurrency sources of this kind collected at once, per node
   * @param priority 0 to 9, the higher first
   * @param maxBytes an answer longer than this is cut off and the collection fails
   * @param limits sliding windows by action, over all sources that call in the same name
   * @param follow how long after it was published a post's engagement is asked for again; zero for
   *     not at all
   */
  public record Kind(
      Duration every,
      Duration timeout,
      int concurrency,
      int priority,
      long maxBytes,
      Map<String, List<WindowRule>> limits,
      Duration follow) {
    /** What a kind follows that says nothing of it. */
    public static final Duration FOLLOW = Duration.ofDays(3);

    public Kind {
      limits = Map.copyOf(limits);
      if (follow.isNegative() || follow.compareTo(Duration.ofDays(30)) > 0) {
        throw new IllegalArgumentException("follow must be between PT0S and P30D, was " + follow);
      }
      if (every.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException("every must be at least PT1S, was " + every);
      }
      if (timeout.compareTo(Duration.ofMillis(100)) < 0
          || timeout.compareTo(Duration.ofMinutes(10)) > 0) {
        throw new IllegalArgumentException(
            "timeout must be between PT0.1S and PT10M, was " + timeout);
      }
      if (concurrency < 1 || concurrency > 1000) {
        throw new IllegalArgumentException(
            "concurrency must be between 1 and 1000, was " + concurrency);
      }
      if (priority < 0 || priority > 9) {
        throw new IllegalArgumentException("priority must be between 0 and 9, was " + priority);
      }
      if (maxBytes < 1024 || maxBytes > 1L << 30) {
        throw new IllegalArgumentException(
            "max-bytes must be between 1024 and 1073741824, was " + maxBytes);
      }
    }
  }
}
