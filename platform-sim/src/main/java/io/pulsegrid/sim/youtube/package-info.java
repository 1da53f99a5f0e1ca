/** YouTube's data API as far as searching and counting need it. It never takes a video. */
@NullMarked
package io.pulsegrid.sim.youtube;

import org.jspecify.annotations.NullMarked;
