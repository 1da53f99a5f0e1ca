/** Crooked on purpose: it breaks what the house asks of core. */
@NullMarked
package io.pulsegrid.chaos.crooked.core;

import org.jspecify.annotations.NullMarked;
