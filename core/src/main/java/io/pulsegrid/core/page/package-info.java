/** Pages of lists and the cursors between them. It never knows what the items are. */
@NullMarked
package io.pulsegrid.core.page;

import org.jspecify.annotations.NullMarked;
