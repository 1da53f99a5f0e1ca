/** The history of limits under test. It never speaks to anything but a real PostgreSQL. */
@NullMarked
package io.pulsegrid.node.store.limits;

import org.jspecify.annotations.NullMarked;
