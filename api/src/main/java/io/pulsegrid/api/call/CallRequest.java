package io.pulsegrid.api.call;

import org.jspecify.annotations.Nullable;

/**
 * What a program asks.
 *
 * @param key its API key, as it came; empty for none
 * @param operation the name of an {@link Offer}
 * @param once its idempotency key; null for none
 * @param body JSON, or what the operation takes instead
 */
@SuppressWarnings("ArrayRecordComponent") // written once, read once, never compared
public record CallRequest(String key, String operation, @Nullable String once, byte[] body) {}
