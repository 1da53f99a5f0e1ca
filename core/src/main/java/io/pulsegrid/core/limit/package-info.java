/** How much of anything is allowed in any stretch of time. It never reads a clock. */
@NullMarked
package io.pulsegrid.core.limit;

import org.jspecify.annotations.NullMarked;
