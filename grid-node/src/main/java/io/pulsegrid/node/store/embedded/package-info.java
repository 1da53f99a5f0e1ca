/**
 * The Postgres that comes along: unpacked, started, found again and stopped. It never knows what is
 * stored in it.
 */
@NullMarked
package io.pulsegrid.node.store.embedded;

import org.jspecify.annotations.NullMarked;
