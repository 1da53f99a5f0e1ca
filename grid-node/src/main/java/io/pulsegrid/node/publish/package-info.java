/**
 * Publishing: takes what people want said, finds what is due, calls the platforms and writes down
 * what came of it. It never publishes from the grid's copy: what Postgres armed is what is sent.
 */
@NullMarked
package io.pulsegrid.node.publish;

import org.jspecify.annotations.NullMarked;
