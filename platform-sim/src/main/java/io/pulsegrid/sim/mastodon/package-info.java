/** A Mastodon server as its clients see one. It never enforces a limit of its own making. */
@NullMarked
package io.pulsegrid.sim.mastodon;

import org.jspecify.annotations.NullMarked;
