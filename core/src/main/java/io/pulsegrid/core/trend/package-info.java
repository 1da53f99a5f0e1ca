/** Stories told by many posts. It never clusters. */
@NullMarked
package io.pulsegrid.core.trend;

import org.jspecify.annotations.NullMarked;
