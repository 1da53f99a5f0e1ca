/** Keys, workspaces and idempotency in Postgres. It never keeps a token, only its hash. */
@NullMarked
package io.pulsegrid.node.store.access;

import org.jspecify.annotations.NullMarked;
