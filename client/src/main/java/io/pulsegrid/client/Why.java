package io.pulsegrid.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery waits for.
 *
 * @param waitsFor such as {@code DUE_TIME}, {@code LIMIT} or {@code PERSON}
 * @param until when that is over at the latest; null where nobody can know
 * @param sentence the same for people
 */
public record Why(String waitsFor, @Nullable Instant until, String sentence) {}
