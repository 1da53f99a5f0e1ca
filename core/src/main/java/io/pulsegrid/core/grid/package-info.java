/** The grid as its operator sees it. It never names the engine beneath. */
@NullMarked
package io.pulsegrid.core.grid;

import org.jspecify.annotations.NullMarked;
