package io.pulsegrid.core.telling;

import io.pulsegrid.core.access.WorkspaceId;
import java.net.URI;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An address of a workspace that is told what happens there. Its secret is never part of it. */
public record Webhook(
    String id, WorkspaceId workspace, Spec spec, Standing standing, Instant createdAt) {

  /**
   * What a person says of a webhook.
   *
   * @param events what it is told of; empty for one that hears only what subscriptions have for it
   */
  public record Spec(URI url, Set<EventKind> events) {
    public Spec {
      events = Set.copyOf(events);
    }
  }

  /**
   * How it goes.
   *
   * @param lastNumber of the latest event it is, or is to be, told
   * @param waiting how many it has not taken yet
   * @param takenAt when it last took one; null before the first
   * @param lastError why it did not take the latest try; null when it did
   * @param parkedAt since when nothing is sent until a person resumes it; null while it goes on
   */
  public record Standing(
      long lastNumber,
      long waiting,
      @Nullable Instant takenAt,
      @Nullable String lastError,
      @Nullable Instant parkedAt) {
    public static final Standing NEW = new Standing(0, 0, null, null, null);
  }

  /**
   * A webhook just made, with the one sight of the secret that it was given.
   *
   * @param secret null where the caller brought one
   */
  public record Made(Webhook webhook, @Nullable String secret) {
    @Override
    public String toString() {
      return "Made[" + webhook.id() + "]";
    }
  }
}
