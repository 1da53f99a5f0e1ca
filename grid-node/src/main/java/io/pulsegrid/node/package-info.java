/** The node: one process that does everything. It never holds what its packages do. */
@NullMarked
package io.pulsegrid.node;

import org.jspecify.annotations.NullMarked;
