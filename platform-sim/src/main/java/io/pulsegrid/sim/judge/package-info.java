/** What arrived, what was allowed, and what went over. It never answers a platform's client. */
@NullMarked
package io.pulsegrid.sim.judge;

import org.jspecify.annotations.NullMarked;
