/** Wall clocks, instants and ids. It never reads the system clock. */
@NullMarked
package io.pulsegrid.core.time;

import org.jspecify.annotations.NullMarked;
