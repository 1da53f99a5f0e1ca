/** The rules of the house, checked on every class. They never run what they look at. */
@NullMarked
package io.pulsegrid.chaos.house;

import org.jspecify.annotations.NullMarked;
