/** The stream of events (SSE). It never drops an event and goes on: a reader too slow is let go. */
@NullMarked
package io.pulsegrid.api.telling;

import org.jspecify.annotations.NullMarked;
