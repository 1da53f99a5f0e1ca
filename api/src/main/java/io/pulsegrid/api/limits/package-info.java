/** Rate limits as resources. It never counts. */
@NullMarked
package io.pulsegrid.api.limits;

import org.jspecify.annotations.NullMarked;
