/** Reddit as its clients see it, as far as submitting needs it. It never reads the world. */
@NullMarked
package io.pulsegrid.sim.reddit;

import org.jspecify.annotations.NullMarked;
