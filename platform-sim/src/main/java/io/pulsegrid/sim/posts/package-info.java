/** What clients have posted, and whose tokens they came with. It never knows a wire format. */
@NullMarked
package io.pulsegrid.sim.posts;

import org.jspecify.annotations.NullMarked;
