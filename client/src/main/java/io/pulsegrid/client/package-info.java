/**
 * What a program asks of a grid: typed calls over the thin-client port, safe to repeat. It never
 * touches the grid's data but through what the grid offers.
 */
@NullMarked
package io.pulsegrid.client;

import org.jspecify.annotations.NullMarked;
