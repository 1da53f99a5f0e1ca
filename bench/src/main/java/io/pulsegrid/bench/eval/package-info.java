/**
 * How good the listening is on labelled data, beside simple baselines on the same data. It never
 * tunes anything: the node's own classes run with the node's own settings.
 */
@NullMarked
package io.pulsegrid.bench.eval;

import org.jspecify.annotations.NullMarked;
