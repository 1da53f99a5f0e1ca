/** Crooked on purpose: it breaks what the house asks of client. */
@NullMarked
package io.pulsegrid.chaos.crooked.client;

import org.jspecify.annotations.NullMarked;
