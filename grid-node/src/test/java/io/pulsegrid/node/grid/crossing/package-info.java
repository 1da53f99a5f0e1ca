/** Finds everything that crosses nodes, and sends it there and back. It never names any of it. */
@NullMarked
package io.pulsegrid.node.grid.crossing;

import org.jspecify.annotations.NullMarked;
