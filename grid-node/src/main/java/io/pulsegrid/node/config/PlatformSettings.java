package io.pulsegrid.node.config;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.pulsegrid.core.limit.WindowRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What each platform allows and how it is called, as {@code platforms.yml} says it. */
public record PlatformSettings(Map<String, Platform> platforms) {
  /** The actions that limits are kept for. */
  public static final Set<String> ACTIONS =
      Set.of("publish", "like", "comment", "follow", "message");

  public PlatformSettings {
    platforms = Map.copyOf(platforms);
  }

  /** The platform of that name; empty for one that nothing is said about. */
  public Optional<Platform> platform(String name) {
    return Optional.ofNullable(platforms.get(name));
  }

  /** How long a text may be on a platform; empty where nothing is said. */
  public OptionalInt length(String name) {
    Platform platform = platforms.get(name);
    return platform == null ? OptionalInt.empty() : platform.length();
  }

  /**
   * One platform.
   *
   * @param limits the windows of one account, by action; an action without a window is not held
   *     back
   * @param appLimits the windows shared by every account of the platform app, by action
   * @param concurrency calls under way at once, per node
   * @param timeout after which a call counts as unknown
   * @param length how long a text may be, as the platform counts it; empty: only it refuses
   */
  public record Platform(
      Map<String, List<WindowRule>> limits,
      Map<String, List<WindowRule>> appLimits,
      int concurrency,
      Duration timeout,
      OptionalInt length) {
    public Platform {
      limits = copied(limits);
      appLimits = copied(appLimits);
      if (concurrency < 1 || concurrency > 1000) {
        throw new IllegalArgumentException(
            "concurrency must be between 1 and 1000, was " + concurrency);
      }
      if (timeout.compareTo(Duration.ofMillis(100)) < 0
          || timeout.compareTo(Duration.ofMinutes(10)) > 0) {
        throw new IllegalArgumentException(
            "timeout must be between PT0.1S and PT10M, was " + timeout);
      }
      if (length.isPresent() && length.getAsInt() < 1) {
        throw new IllegalArgumentException("length must be at least 1, was " + length.getAsInt());
      }
    }

    /** A platform of whose texts nothing is known. */
    public Platform(
        Map<String, List<WindowRule>> limits,
        Map<String, List<WindowRule>> appLimits,
        int concurrency,
        Duration timeout) {
      this(limits, appLimits, concurrency, timeout, OptionalInt.empty());
    }

    /** A platform without windows shared by its accounts. */
    public Platform(Map<String, List<WindowRule>> limits, int concurrency, Duration timeout) {
      this(limits, Map.of(), concurrency, timeout);
    }

    private static Map<String, List<WindowRule>> copied(Map<String, List<WindowRule>> limits) {
      for (String action : limits.keySet()) {
        if (!ACTIONS.contains(action)) {
          throw new IllegalArgumentException(
              "action must be one of " + ACTIONS.stream().sorted().toList() + ", was " + action);
        }
      }
      return limits.entrySet().stream()
          .collect(toUnmodifiableMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
    }
  }
}
