/** Crooked on purpose: it breaks what the house asks of node.store. */
@NullMarked
package io.pulsegrid.chaos.crooked.node.store;

import org.jspecify.annotations.NullMarked;
