/** The header dialects in which platforms speak of their limits. It never holds anything back. */
@NullMarked
package io.pulsegrid.connectors.limits;

import org.jspecify.annotations.NullMarked;
