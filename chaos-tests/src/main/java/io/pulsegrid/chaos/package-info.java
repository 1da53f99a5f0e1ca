/**
 * Experiments on the whole of Pulsegrid: faults on a grid at work, and what became of everything
 * that was acknowledged. They never reach into a running node.
 */
@NullMarked
package io.pulsegrid.chaos;

import org.jspecify.annotations.NullMarked;
