package io.pulsegrid.chaos.node;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What one account may publish on the stand-in platform, as nodes and platform are told alike.
 *
 * @param concurrency calls at once from a node
 */
public record Allowed(int concurrency, List<Window> windows) {
  /** What the matrix runs under. */
  public static final Allowed NARROW =
      new Allowed(
          8,
          List.of(
              new Window(300, 10_800), new Window(Settings.NARROW_LIMIT, Settings.NARROW_SECONDS)));

  /** At most so many in any so many seconds. */
  public record Window(int limit, int seconds) {}

  public Allowed {
    windows = List.copyOf(windows);
  }

  /** As {@code PUT /sim/limits} takes it. */
  public String forPlatform() {
    return windows.stream()
        .map(one -> "{\"limit\":%d,\"windowSeconds\":%d}".formatted(one.limit(), one.seconds()))
        .collect(Collectors.joining(",", "{\"mastodon\":[", "]}"));
  }

  /** As a node's {@code platforms.yml} has it. */
  String forNodes() {
    String rules =
        windows.stream()
            .map(
                one ->
                    "        - {limit: %d, window: PT%dS}\n".formatted(one.limit(), one.seconds()))
            .collect(Collectors.joining());
    return """
        platforms:
          mastodon:
            concurrency: %d
            timeout: PT5S
            limits:
              publish:
        """
            .formatted(concurrency)
        + rules;
  }
}
