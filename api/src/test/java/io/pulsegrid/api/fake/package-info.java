/**
 * The ports of core, held in memory for the front's tests. They never check what the front must.
 */
@NullMarked
package io.pulsegrid.api.fake;

import org.jspecify.annotations.NullMarked;
