package io.pulsegrid.core.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What people ask for and how it goes. Whatever a method answers is committed in the ledger. Safe
 * for use by many threads.
 */
public interface Publishing {
  /**
   * Schedules a post: it and its deliveries commit together.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the field: unknown
   *     channel, a time past its grace, a text that a channel's platform would refuse
   */
  ScheduledPost schedule(WorkspaceId workspace, ScheduledPost.Draft draft);

  /**
   * Schedules many posts in one transaction.
   *
   * @param together all or nothing; otherwise those at which nothing is wrong
   * @return what became of each, in its place
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID} if they go together and
   *     something is wrong with one, its fields led by its place: {@code [3].text}
   */
  List<Placed> scheduleAll(
      WorkspaceId workspace, List<ScheduledPost.Draft> drafts, boolean together);

  /** What became of one of many drafts. */
  sealed interface Placed {
    /** It is in the ledger. */
    record Scheduled(ScheduledPost post) implements Placed {}

    /** Nothing was written for it. */
    record Refused(List<FieldError> errors) implements Placed {
      public Refused {
        errors = List.copyOf(errors);
      }
    }
  }

  Optional<ScheduledPost> find(WorkspaceId workspace, String id);

  /** Latest created first. */
  Page<ScheduledPost> list(WorkspaceId workspace, PageRequest page);

  /**
   * Replaces a post none of whose deliveries has been armed.
   *
   * @param expectedVersion empty to overwrite whatever is there
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}; {@code STALE}; {@code
   *     CONFLICT} once a delivery is in flight or ended; {@code INVALID}
   */
  ScheduledPost replace(
      WorkspaceId workspace, String id, ScheduledPost.Draft draft, OptionalLong expectedVersion);

  /**
   * Cancels every delivery that has not been armed.
   *
   * @param expectedVersion empty to cancel whatever is there
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}; {@code STALE}; {@code
   *     CONFLICT} once nothing is left to cancel
   */
  void cancel(WorkspaceId workspace, String id, OptionalLong expectedVersion);

  Optional<Delivery> findDelivery(WorkspaceId workspace, String id);

  /** Every call made for a delivery, oldest first. */
  List<Attempt> attempts(WorkspaceId workspace, String deliveryId);

  /**
   * Deliveries by due time, earliest first.
   *
   * @param state null for any
   * @param channel null for any
   */
  Page<Delivery> listDeliveries(
      WorkspaceId workspace,
      @Nullable DeliveryState state,
      @Nullable String channel,
      PageRequest page);

  /** The deliveries of a state that were due latest, latest first. */
  List<Delivery> latestDeliveries(WorkspaceId workspace, DeliveryState state, int limit);

  /**
   * Sends a FAILED delivery back to SCHEDULED, due now, with a fresh budget.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}; {@code CONFLICT} in any
   *     other state
   */
  Delivery retry(WorkspaceId workspace, String deliveryId);

  /**
   * Cancels one delivery.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}; {@code CONFLICT} once
   *     armed or ended
   */
  Delivery cancelDelivery(WorkspaceId workspace, String deliveryId);

  /**
   * A person's word on an UNCONFIRMED delivery.
   *
   * @param published true: it is there; false: it is not, and is tried again
   * @param remoteId its id on the platform, if known
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND}; {@code CONFLICT} in any
   *     other state
   */
  Delivery confirm(
      WorkspaceId workspace, String deliveryId, boolean published, @Nullable String remoteId);

  /** How many deliveries stand where, and how many are due: {@code due_at <= now}. */
  Counts counts(WorkspaceId workspace);

  /** The queue at a glance. */
  record Counts(
      long scheduled,
      long due,
      long armed,
      long retry,
      long unconfirmed,
      long failed,
      long missed,
      long published,
      boolean paused,
      List<String> pausedPlatforms,
      Instant at) {
    public Counts {
      pausedPlatforms = List.copyOf(pausedPlatforms);
    }
  }

  /** Stops arming everywhere, before the next arm on every node; running calls are settled. */
  void pause();

  /** Ends the pause of everything; platforms that are paused by themselves stay so. */
  void resume();

  /**
   * Stops arming on one platform, likewise.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID} for an unknown platform
   */
  void pause(String platform);

  /**
   * Ends the pause of one platform; that of everything stays.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID} for an unknown platform
   */
  void resume(String platform);

  /**
   * Cancels every delivery that waits, or is a dead letter, in a state.
   *
   * @param state one from which a person may cancel, or FAILED
   * @param before only those due before; null for all
   * @return how many
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID} for any other state
   */
  long cancelAll(WorkspaceId workspace, DeliveryState state, @Nullable Instant before);
}
