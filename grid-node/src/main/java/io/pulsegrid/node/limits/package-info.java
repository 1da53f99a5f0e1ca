/**
 * The rate limits as the grid keeps them: who may act now, and when those held back may. It never
 * calls a platform and never changes a delivery.
 */
@NullMarked
package io.pulsegrid.node.limits;

import org.jspecify.annotations.NullMarked;
