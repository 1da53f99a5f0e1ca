package io.pulsegrid.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that went wrong and may want a person, or a trend that was asked for. The ids are of
 * what it is about.
 *
 * @param id that of its event too
 * @param kind such as {@code FAILED}, {@code MISSED} or {@code UNCONFIRMED}
 * @param message what happened and, where something is to be done, what
 * @param reason what the platform, the receiver or the ledger said
 * @param overAt when it was no longer so; null while it is
 */
public record Alert(
    String id,
    String kind,
    Instant at,
    String message,
    String reason,
    @Nullable String delivery,
    @Nullable String scheduledPost,
    @Nullable String channel,
    @Nullable String webhook,
    @Nullable String subscription,
    @Nullable String trend,
    @Nullable Instant overAt) {}
