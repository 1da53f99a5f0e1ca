/** Nodes and verification as resources. It never names the engine beneath. */
@NullMarked
package io.pulsegrid.api.grid;

import org.jspecify.annotations.NullMarked;
