/**
 * The node's place in the Ignite grid: how it starts, fails, and what shapes caches have. It never
 * knows what is stored.
 */
@NullMarked
package io.pulsegrid.node.grid;

import org.jspecify.annotations.NullMarked;
