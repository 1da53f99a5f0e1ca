/**
 * Comparing trends that emerge with what people asked to be told of. It never sends anything: what
 * it finds goes out by the outbox, as every alert does.
 */
@NullMarked
package io.pulsegrid.node.subscriptions;

import org.jspecify.annotations.NullMarked;
