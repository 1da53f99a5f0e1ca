/** Webhooks over a real PostgreSQL, told to a real server. */
@org.jspecify.annotations.NullMarked
package io.pulsegrid.node.webhooks;
