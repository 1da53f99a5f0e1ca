/** The durable store: PostgreSQL and its clock. It never holds what only the grid needs. */
@NullMarked
package io.pulsegrid.node.store;

import org.jspecify.annotations.NullMarked;
