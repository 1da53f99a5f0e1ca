/**
 * A Bluesky server as its clients see one, as far as publishing needs it. It never reads the world.
 */
@NullMarked
package io.pulsegrid.sim.bluesky;

import org.jspecify.annotations.NullMarked;
