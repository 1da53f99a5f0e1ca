/** Crooked on purpose: it breaks what the house asks of connectors. */
@NullMarked
package io.pulsegrid.chaos.crooked.connectors;

import org.jspecify.annotations.NullMarked;
