/** Crooked on purpose: it breaks what the house asks of compute. */
@NullMarked
package io.pulsegrid.chaos.crooked.compute;

import org.jspecify.annotations.NullMarked;
