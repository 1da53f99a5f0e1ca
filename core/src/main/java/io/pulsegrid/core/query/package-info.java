/** Questions in SQL about one workspace's data. It never changes any. */
@NullMarked
package io.pulsegrid.core.query;

import org.jspecify.annotations.NullMarked;
