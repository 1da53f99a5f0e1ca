/** Channels under test. It never speaks to anything but a real PostgreSQL. */
@NullMarked
package io.pulsegrid.node.store.channels;

import org.jspecify.annotations.NullMarked;
