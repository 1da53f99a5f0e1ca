/**
 * A made-up world that goes on by itself: stories that break, are reworded and fade, among everyday
 * chatter. It never keeps a fact: everything follows from a seed and the time.
 */
@NullMarked
package io.pulsegrid.sim.world;

import org.jspecify.annotations.NullMarked;
