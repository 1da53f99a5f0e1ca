/**
 * How each platform is written to: what it accepts, how a call ends, and whether a post is there.
 * It never sends anything twice by itself.
 */
@NullMarked
package io.pulsegrid.connectors.publish;

import org.jspecify.annotations.NullMarked;
