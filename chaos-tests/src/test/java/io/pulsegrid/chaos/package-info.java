/** Experiments on the whole of Pulsegrid. They never reach into a running node. */
@NullMarked
package io.pulsegrid.chaos;

import org.jspecify.annotations.NullMarked;
