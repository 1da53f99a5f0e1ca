/**
 * What a program may ask for by name, over the grid's own wire: the deeds and the JSON of REST. It
 * knows nothing of that wire.
 */
@NullMarked
package io.pulsegrid.api.call;

import org.jspecify.annotations.NullMarked;
