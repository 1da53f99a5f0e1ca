package io.pulsegrid.chaos.load;

import java.time.Instant;

/**
 * A post that was scheduled, and acknowledged, on one channel.
 *
 * @param id the scheduled post's
 * @param text like no other's
 * @param crowded whether its channel gets as much as its limit lets through, so that it may be late
 */
public record Promise(
    String id, String delivery, String text, Instant due, boolean crowded, Instant acknowledged) {}
