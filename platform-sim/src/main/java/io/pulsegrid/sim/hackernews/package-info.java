/** Hacker News as its Firebase API shows it. It never accepts a post. */
@NullMarked
package io.pulsegrid.sim.hackernews;

import org.jspecify.annotations.NullMarked;
