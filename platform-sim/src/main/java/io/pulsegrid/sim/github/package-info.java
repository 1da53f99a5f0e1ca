/** GitHub's API as far as searching needs it. It never changes anything. */
@NullMarked
package io.pulsegrid.sim.github;

import org.jspecify.annotations.NullMarked;
