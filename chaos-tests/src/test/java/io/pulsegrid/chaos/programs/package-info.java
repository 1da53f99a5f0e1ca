/** Programs against a real node: an example of each use of the SDK, and what it refuses. */
@NullMarked
package io.pulsegrid.chaos.programs;

import org.jspecify.annotations.NullMarked;
