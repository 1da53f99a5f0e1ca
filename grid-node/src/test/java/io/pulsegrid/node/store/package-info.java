/** The store under test. It never speaks to anything but a real PostgreSQL. */
@NullMarked
package io.pulsegrid.node.store;

import org.jspecify.annotations.NullMarked;
