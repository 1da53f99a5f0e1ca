/**
 * Collecting: when a source is visited, by which node, and what happens to what it brings. It never
 * knows how a kind of source is read, nor how anything is stored.
 */
@NullMarked
package io.pulsegrid.node.collect;

import org.jspecify.annotations.NullMarked;
