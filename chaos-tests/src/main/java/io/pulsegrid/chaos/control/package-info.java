/**
 * Negative controls: the same questions put to programs that lack what keeps Pulsegrid safe. None
 * of this is part of the product; it must lose, and the judge must see it.
 */
@NullMarked
package io.pulsegrid.chaos.control;

import org.jspecify.annotations.NullMarked;
