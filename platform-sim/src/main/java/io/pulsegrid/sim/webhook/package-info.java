/**
 * Somebody who listens for signed webhooks. It never tells what it was sent to anyone but the
 * ledger.
 */
@NullMarked
package io.pulsegrid.sim.webhook;

import org.jspecify.annotations.NullMarked;
