/**
 * Benches: our figures beside a peer's, measured turn by turn in one run. They never decide what a
 * node does, and leave nothing behind.
 */
@NullMarked
package io.pulsegrid.bench;

import org.jspecify.annotations.NullMarked;
