package io.pulsegrid.core.publish;

import java.time.Instant;

/**
 * One call to a platform and what it came to; appended, never changed.
 *
 * @param outcome the outcome's class in lower case: accepted, rejected, throttled, unauthorized,
 *     transient, ambiguous; or probed, swept, confirmed for what was learnt without a publish call
 * @param fence the fence it was armed with
 * @param next what follows, in one sentence
 */
public record Attempt(
    int number,
    Instant startedAt,
    Instant endedAt,
    String node,
    long fence,
    String outcome,
    int httpStatus,
    String detail,
    String next) {}
