/**
 * A Forem site as its authors see one, as far as publishing needs it. It never formats an article.
 */
@NullMarked
package io.pulsegrid.sim.devto;

import org.jspecify.annotations.NullMarked;
