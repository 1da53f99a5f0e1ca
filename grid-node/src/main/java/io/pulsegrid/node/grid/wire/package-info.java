/**
 * Values as they cross nodes: final, Binarylizable, built from and turned back into domain values.
 * It never holds a rule of the domain.
 */
@NullMarked
package io.pulsegrid.node.grid.wire;

import org.jspecify.annotations.NullMarked;
