/**
 * RSS and Atom feeds of the made-up world, and a few that misbehave. It never remembers a reader.
 */
@NullMarked
package io.pulsegrid.sim.feeds;

import org.jspecify.annotations.NullMarked;
