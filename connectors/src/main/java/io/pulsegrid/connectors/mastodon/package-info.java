/**
 * How Mastodon is written to: what it accepts, how a call ends, and whether a post is there. It
 * never sends anything twice by itself.
 */
@NullMarked
package io.pulsegrid.connectors.mastodon;

import org.jspecify.annotations.NullMarked;
