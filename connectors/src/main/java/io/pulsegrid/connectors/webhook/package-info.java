/**
 * Signed calls as Standard Webhooks has them, to addresses that nobody vouches for. It never
 * decides what is told, nor when it is told again.
 */
@NullMarked
package io.pulsegrid.connectors.webhook;

import org.jspecify.annotations.NullMarked;
