/** Tests of who may do what over Ignite's own ports. */
@NullMarked
package io.pulsegrid.node.grid.security;

import org.jspecify.annotations.NullMarked;
