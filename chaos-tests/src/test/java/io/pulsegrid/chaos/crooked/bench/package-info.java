/** Crooked on purpose: it breaks what the house asks of bench. */
@NullMarked
package io.pulsegrid.chaos.crooked.bench;

import org.jspecify.annotations.NullMarked;
