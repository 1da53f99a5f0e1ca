/**
 * The stand-in for the outside world: started here, wired here. It never knows Pulsegrid; it only
 * speaks what the platforms speak.
 */
@NullMarked
package io.pulsegrid.sim;

import org.jspecify.annotations.NullMarked;
