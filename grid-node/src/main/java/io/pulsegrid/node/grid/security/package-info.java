/**
 * Who may do what over Ignite's own ports. The one place that may see Ignite's internals, where its
 * only hook for each operation lives. It never decides what a call to our own service may do.
 */
@NullMarked
package io.pulsegrid.node.grid.security;

import org.jspecify.annotations.NullMarked;
