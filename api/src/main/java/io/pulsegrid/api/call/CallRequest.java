package io.pulsegrid.api.call;

import org.jspecify.annotations.Nullable;

/**
 * What a program asks.
 *
 * @param key its API key, as it came; empty for none
 * @param from the address that it comes from, as an entry of the audit tells it
 * @param operation the name of an {@link Offer}
 * @param once its idempotency key; null for none
 * @param body JSON, or what the operation takes instead
 */
@SuppressWarnings("ArrayRecordComponent") // written once, read once, never compared
public record CallRequest(
    String key, String from, String operation, @Nullable String once, byte[] body) {}
