/**
 * The posts of the world: what they are, how they come in and are read. It never talks to a
 * platform.
 */
@NullMarked
package io.pulsegrid.core.post;

import org.jspecify.annotations.NullMarked;
