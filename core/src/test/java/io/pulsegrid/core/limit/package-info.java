/** The limits under test, judged from outside. It never reads a clock. */
@NullMarked
package io.pulsegrid.core.limit;

import org.jspecify.annotations.NullMarked;
