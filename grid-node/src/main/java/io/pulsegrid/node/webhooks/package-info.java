/**
 * Telling webhooks what the outbox holds, from whichever node, at least once. It never publishes,
 * and nothing that it does can move a delivery.
 */
@NullMarked
package io.pulsegrid.node.webhooks;

import org.jspecify.annotations.NullMarked;
