/** LinkedIn's Posts API. It never knows who follows whom. */
@NullMarked
package io.pulsegrid.sim.linkedin;

import org.jspecify.annotations.NullMarked;
