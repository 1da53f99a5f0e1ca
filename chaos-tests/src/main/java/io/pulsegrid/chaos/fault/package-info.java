/**
 * What can go wrong with nodes, network, store, disk and clock. Each fault can be taken back; none
 * looks at what it did.
 */
@NullMarked
package io.pulsegrid.chaos.fault;

import org.jspecify.annotations.NullMarked;
