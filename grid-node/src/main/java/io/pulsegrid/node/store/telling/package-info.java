/** Alerts and webhooks in Postgres, their secrets sealed. It calls nobody. */
@NullMarked
package io.pulsegrid.node.store.telling;

import org.jspecify.annotations.NullMarked;
