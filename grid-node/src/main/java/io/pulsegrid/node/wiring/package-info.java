/**
 * Where the parts of a node are put together: the only place that knows the system clock, chance
 * and threads. It never holds logic.
 */
@NullMarked
package io.pulsegrid.node.wiring;

import org.jspecify.annotations.NullMarked;
