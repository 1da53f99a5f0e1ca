package io.pulsegrid.core.telling;

import io.pulsegrid.core.access.WorkspaceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that may want a person: what went wrong, or a trend that somebody asked to be told of.
 * Written together with what it tells of, once.
 *
 * @param id that of the event it is told under
 * @param subject whom it concerns, in words: {@code @pulse on mastodon}, a webhook's address, a
 *     trend's label
 * @param reason what the platform, the receiver or the ledger said; may be empty
 * @param overAt when it was no longer so; null while it is
 */
public record Alert(
    String id,
    WorkspaceId workspace,
    Kind kind,
    Instant at,
    Concerns concerns,
    String subject,
    String reason,
    @Nullable Instant overAt) {

  /** What can happen. */
  public enum Kind {
    /** It was too late to send a delivery. */
    MISSED,
    /** A delivery is a dead letter. */
    FAILED,
    /** Nobody knows whether a delivery took effect. */
    UNCONFIRMED,
    /** A platform no longer takes a channel's credentials. */
    CHANNEL_PAUSED,
    /** A webhook's address does not take what it is told. */
    WEBHOOK_PARKED,
    /** A trend rises that a subscription asks for. */
    TREND_EMERGED
  }

  /** The ids of what it is about, as far as they apply. */
  public record Concerns(
      @Nullable String delivery,
      @Nullable String scheduledPost,
      @Nullable String channel,
      @Nullable String webhook,
      @Nullable String subscription,
      @Nullable String trend) {}

  /** As it was when it was told: not over. */
  public Alert asTold() {
    return new Alert(id, workspace, kind, at, concerns, subject, reason, null);
  }

  /** What happened and what a person can do, in one sentence. */
  public String sentence() {
    String because = reason.isBlank() ? "" : ": " + reason;
    return switch (kind) {
      case MISSED -> "a post for " + subject + " was not sent in time" + because;
      case FAILED ->
          "a post for " + subject + " failed" + because + "; once the reason is gone, redrive it";
      case UNCONFIRMED ->
          "a post for " + subject + " may be there or not" + because + "; its platform is asked";
      case CHANNEL_PAUSED -> subject + " is paused" + because + "; it needs other credentials";
      case WEBHOOK_PARKED ->
          subject + " is parked" + because + "; resume the webhook once it answers";
      case TREND_EMERGED -> "a trend emerges: " + subject + because;
    };
  }
}
