/** Scheduled posts, deliveries and the queue as resources. It never publishes. */
@NullMarked
package io.pulsegrid.api.publishing;

import org.jspecify.annotations.NullMarked;
