package io.pulsegrid.core.time;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The two clocks of one machine.
 *
 * @param monotonicNanos goes on while the process is stopped, and is moved by nobody; may stand
 *     still while the machine sleeps
 * @param local goes on while the machine sleeps, and is moved by whoever sets it
 */
public record Clocks(LongSupplier monotonicNanos, InstantSource local) {}
