/**
 * Facebook and Instagram behind Meta's Graph API, as far as publishing needs them. It never fetches
 * an image.
 */
@NullMarked
package io.pulsegrid.sim.meta;

import org.jspecify.annotations.NullMarked;
