/**
 * Real nodes in JVMs of their own, with a real Postgres and the stand-in platforms. It never shares
 * anything with them but HTTP, signals and the data directory.
 */
@NullMarked
package io.pulsegrid.chaos.node;

import org.jspecify.annotations.NullMarked;
