package io.pulsegrid.core.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.limit.RateLimit;
import io.pulsegrid.core.time.Resolved;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a plan: nothing of it is written, and no slot is taken.
 *
 * @param lastGoesOutAt when its last post would be out; null where none could be scheduled
 */
public record Preview(List<Item> items, @Nullable Instant lastGoesOutAt) {
  public Preview {
    items = List.copyOf(items);
  }

  /** Looks ahead. Safe for many threads. */
  public interface Previews {
    /** What would become of these, in their order, given what waits already. */
    Preview of(WorkspaceId workspace, List<ScheduledPost.Draft> drafts);

    /**
     * What says the very same on the same channel within a week of posts that were scheduled, by
     * their ids: the texts that the channels' platforms get. Posts without such are left out.
     */
    Map<String, List<Similar>> repeated(List<ScheduledPost> posts);
  }

  /**
   * One post.
   *
   * @param errors why it would be refused; then it is on no channel
   */
  public record Item(List<FieldError> errors, List<OnChannel> channels) {
    public Item {
      errors = List.copyOf(errors);
      channels = List.copyOf(channels);
    }
  }

  /**
   * It on one channel.
   *
   * @param counted what its platform counts of its text, the length first
   * @param goesOutAt the latest that its limits would let it out, as they stand
   * @param heldBy the limit that it would wait for; null for none
   * @param similar what says nearly the same there
   */
  public record OnChannel(
      String channel,
      String platform,
      Resolved resolved,
      List<Measure> counted,
      Instant goesOutAt,
      @Nullable RateLimit heldBy,
      List<Similar> similar) {
    public OnChannel {
      counted = List.copyOf(counted);
      similar = List.copyOf(similar);
    }
  }

  /**
   * A delivery that says nearly the same.
   *
   * @param likeness 0 to 1; 1 for the same words
   */
  public record Similar(
      String delivery, String channel, DeliveryState state, Instant at, double likeness) {}
}
