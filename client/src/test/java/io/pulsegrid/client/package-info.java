/** Tests of the SDK against a grid that stands in for one. */
@NullMarked
package io.pulsegrid.client;

import org.jspecify.annotations.NullMarked;
