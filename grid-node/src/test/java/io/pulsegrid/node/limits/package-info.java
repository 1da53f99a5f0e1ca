/** The limits in a real grid of two nodes. It never calls a platform. */
@NullMarked
package io.pulsegrid.node.limits;

import org.jspecify.annotations.NullMarked;
