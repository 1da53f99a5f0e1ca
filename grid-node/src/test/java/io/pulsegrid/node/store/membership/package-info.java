/** The grid's own rows, against a real Postgres. */
@NullMarked
package io.pulsegrid.node.store.membership;

import org.jspecify.annotations.NullMarked;
