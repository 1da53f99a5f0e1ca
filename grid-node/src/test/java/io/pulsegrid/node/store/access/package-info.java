/** Access under test. It never speaks to anything but a real PostgreSQL. */
@NullMarked
package io.pulsegrid.node.store.access;

import org.jspecify.annotations.NullMarked;
