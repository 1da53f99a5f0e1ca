/** Trends as resources. It never clusters. */
@NullMarked
package io.pulsegrid.api.trends;

import org.jspecify.annotations.NullMarked;
