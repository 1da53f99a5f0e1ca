package io.pulsegrid.core.telling;

import io.pulsegrid.core.access.WorkspaceId;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is told when a trend emerges: of each trend once, the first time that it rises and
 * meets all that is asked for.
 *
 * @param webhook the one that is told; null for the stream of events and those that listen to
 *     alerts
 */
public record Subscription(
    String id, WorkspaceId workspace, Spec spec, @Nullable String webhook, Instant createdAt) {

  /**
   * What a person asks for.
   *
   * @param target who is told; null for the stream of events and webhooks that listen to alerts
   */
  public record Spec(Wanted wanted, @Nullable Target target) {}

  /**
   * Of which trends; what is null is not asked for.
   *
   * @param keyword words that all stand in the trend's label, keywords or summary
   * @param query what the trend is about, in meaning
   * @param platform one that it has posts on
   * @param minScore its score at the least, 0 or more
   */
  public record Wanted(
      @Nullable String keyword,
      @Nullable String query,
      @Nullable String platform,
      double minScore) {
    public Wanted {
      if (!(minScore >= 0)) {
        throw new IllegalArgumentException("a score is 0 or more, was " + minScore);
      }
    }
  }

  /** Who is told. */
  public sealed interface Target {
    /** A webhook of the workspace. */
    record OfWebhook(String id) implements Target {}

    /** An address, which is given a webhook of its own. */
    record Address(URI url) implements Target {}
  }

  /**
   * A subscription just made, with the one sight of the secret that its address is signed with.
   *
   * @param secret null where no webhook was made for it
   */
  public record Made(Subscription subscription, @Nullable String secret) {
    @Override
    public String toString() {
      return "Made[" + subscription.id() + "]";
    }
  }
}
