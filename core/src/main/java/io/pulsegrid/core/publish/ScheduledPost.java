package io.pulsegrid.core.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.core.time.When;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A post that a person wants published, with one delivery a channel.
 *
 * @param resolved what its time came to: one for all channels, or one for each in the order of the
 *     draft
 * @param state the least advanced state of its deliveries
 * @param occurrence which post of a series it is; null where it stands alone
 */
public record ScheduledPost(
    String id,
    WorkspaceId workspace,
    Draft draft,
    List<Resolved> resolved,
    DeliveryState state,
    List<Delivery> deliveries,
    long version,
    Instant createdAt,
    @Nullable Occurrence occurrence) {
  public ScheduledPost {
    deliveries = List.copyOf(deliveries);
    resolved = List.copyOf(resolved);
    if (resolved.size() != 1 && resolved.size() != draft.channels().size()) {
      throw new IllegalArgumentException(
          "resolved must have one for all or one a channel, had " + resolved.size());
    }
  }

  /** The same post with these deliveries, as far as they have come. */
  public ScheduledPost with(List<Delivery> now) {
    return new ScheduledPost(
        id, workspace, draft, resolved, leastAdvanced(now), now, version, createdAt, occurrence);
  }

  /** What its time came to on one of its channels. */
  public Resolved resolvedOn(String channel) {
    return resolved.size() == 1
        ? resolved.getFirst()
        : resolved.get(draft.channels().indexOf(channel));
  }

  private static final List<DeliveryState> BY_ADVANCE =
      List.of(
          DeliveryState.DRAFT,
          DeliveryState.AWAITING_APPROVAL,
          DeliveryState.SCHEDULED,
          DeliveryState.RETRY,
          DeliveryState.ARMED,
          DeliveryState.UNCONFIRMED,
          DeliveryState.FAILED,
          DeliveryState.MISSED,
          DeliveryState.PUBLISHED,
          DeliveryState.CANCELLED);

  /** What a post with these deliveries is: as far as the one that has come least far. */
  public static DeliveryState leastAdvanced(List<Delivery> deliveries) {
    return deliveries.stream()
        .map(Delivery::state)
        .min(Comparator.comparingInt(BY_ADVANCE::indexOf))
        .orElse(DeliveryState.CANCELLED);
  }

  /** How long after its time a post is still worth sending, unless it says otherwise. */
  public static final Duration DEFAULT_EXPIRES_AFTER = Duration.ofHours(24);

  /**
   * What a person asked for.
   *
   * @param channels ids, at least one, each once
   * @param variants the text for a platform, where it differs
   * @param priority 0 (last) to 9 (first), among those due at once
   * @param expiresAfter how late it may still go out
   */
  public record Draft(
      String text,
      List<String> channels,
      When when,
      Map<String, String> variants,
      int priority,
      Duration expiresAfter) {
    public Draft {
      channels = List.copyOf(channels);
      variants = Map.copyOf(variants);
    }

    /** The same at another time. */
    public Draft at(When other) {
      return new Draft(text, channels, other, variants, priority, expiresAfter);
    }

    /**
     * The same on some of its channels alone.
     *
     * @param platforms theirs; variants for any other are left out
     */
    public Draft on(List<String> some, Set<String> platforms) {
      Map<String, String> theirs = new HashMap<>(variants);
      theirs.keySet().retainAll(platforms);
      return new Draft(text, some, when, theirs, priority, expiresAfter);
    }

    /** What goes out on a platform. */
    public String textFor(String platform) {
      return variants.getOrDefault(platform, text);
    }
  }
}
