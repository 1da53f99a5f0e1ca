/** Crooked on purpose: it breaks what the house asks of api. */
@NullMarked
package io.pulsegrid.chaos.crooked.api;

import org.jspecify.annotations.NullMarked;
