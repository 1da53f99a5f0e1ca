/**
 * The way of a post through the grid: taken in, stored, embedded, indexed, clustered, found. It
 * never talks to a platform.
 */
@NullMarked
package io.pulsegrid.node.listen;

import org.jspecify.annotations.NullMarked;
