/** Crooked on purpose: it breaks what the house asks of sim. */
@NullMarked
package io.pulsegrid.chaos.crooked.sim;

import org.jspecify.annotations.NullMarked;
