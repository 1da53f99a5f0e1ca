/** What the store knows of the grid itself. It never knows what the grid holds. */
@NullMarked
package io.pulsegrid.node.store.membership;

import org.jspecify.annotations.NullMarked;
