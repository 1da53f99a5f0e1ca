package io.pulsegrid.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A post to schedule.
 *
 * @param channels the ids of channels
 * @param variants the text for a platform, where it differs
 * @param priority 0 (last) to 9 (first) among those due at once; null for 5
 * @param expiresAfter how late it may still go out; null for a day
 */
public record NewScheduledPost(
    String text,
    List<String> channels,
    When when,
    @Nullable Map<String, Text> variants,
    @Nullable Integer priority,
    @Nullable Duration expiresAfter) {
  public NewScheduledPost {
    channels = List.copyOf(channels);
  }

  /** A variant's. */
  public record Text(String text) {}

  /** With everything else as usual. */
  public static NewScheduledPost of(String text, When when, String... channels) {
    return new NewScheduledPost(text, List.of(channels), when, null, null, null);
  }

  /** The same with another text on a platform. */
  public NewScheduledPost on(String platform, String otherText) {
    Map<String, Text> more = new HashMap<>(variants == null ? Map.of() : variants);
    more.put(platform, new Text(otherText));
    return new NewScheduledPost(text, channels, when, more, priority, expiresAfter);
  }
}
