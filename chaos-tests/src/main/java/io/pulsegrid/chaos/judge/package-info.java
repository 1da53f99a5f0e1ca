/**
 * Whether anything was lost, doubled, forgotten or too much, seen from outside: by REST, by
 * Postgres's rows and by the ledger of the stand-in platforms. It never causes anything.
 */
@NullMarked
package io.pulsegrid.chaos.judge;

import org.jspecify.annotations.NullMarked;
