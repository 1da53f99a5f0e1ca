/** Subscriptions over a real PostgreSQL. */
@org.jspecify.annotations.NullMarked
package io.pulsegrid.node.subscriptions;
