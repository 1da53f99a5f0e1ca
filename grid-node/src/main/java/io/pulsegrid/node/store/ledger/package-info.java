/**
 * The ledger in PostgreSQL: what was asked for, each delivery's fate and story, and what is still
 * to be told. It decides nothing: rules and steps come from outside, it only guards them by the
 * fence.
 */
@NullMarked
package io.pulsegrid.node.store.ledger;

import org.jspecify.annotations.NullMarked;
