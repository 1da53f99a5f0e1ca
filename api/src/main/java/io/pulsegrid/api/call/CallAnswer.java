package io.pulsegrid.api.call;

/**
 * What a program is answered.
 *
 * @param status that of REST
 * @param retryAfterSeconds when to come back; 0 where that says nothing
 * @param body JSON: the resource, or the problem; empty where there is nothing to say
 */
@SuppressWarnings("ArrayRecordComponent") // written once, read once, never compared
public record CallAnswer(int status, long retryAfterSeconds, byte[] body) {}
