package io.pulsegrid.core.limit;

import java.time.Instant;

/**
 * What a platform says is left of its limit, whatever its header dialect.
 *
 * @param remaining how many more actions it takes before {@code reset}
 */
public record Allowance(int limit, int remaining, Instant reset) {}
