package io.pulsegrid.core.publish;

import io.pulsegrid.core.access.WorkspaceId;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An account on a platform that posts go out on. Its credentials are never part of it.
 *
 * @param account who that is, as the platform says; null until it did, and where it has no
 *     accounts. No other channel has the same
 */
public record Channel(
    String id,
    WorkspaceId workspace,
    Spec spec,
    boolean paused,
    @Nullable String account,
    long version,
    Instant createdAt) {

  /**
   * What a person says of a channel.
   *
   * @param baseUrl the platform's address, such as {@code https://mastodon.social}
   * @param zone the channel's own clock
   */
  public record Spec(String platform, String handle, URI baseUrl, ZoneId zone, List<Slot> slots) {
    public Spec {
      slots = List.copyOf(slots);
    }
  }

  /** A weekly time at which the channel likes to speak. */
  public record Slot(DayOfWeek day, LocalTime time) {}

  /**
   * The secrets of a channel, such as {@code accessToken}. Never printed.
   *
   * @param values by name
   */
  public record Credentials(Map<String, String> values) {
    public Credentials {
      values = Map.copyOf(values);
    }

    @Override
    public String toString() {
      return "Credentials" + values.keySet();
    }
  }
}
