/**
 * A Bluesky server as its clients see one, as far as publishing and listening need it. It never
 * enforces a limit of its own making.
 */
@NullMarked
package io.pulsegrid.sim.bluesky;

import org.jspecify.annotations.NullMarked;
