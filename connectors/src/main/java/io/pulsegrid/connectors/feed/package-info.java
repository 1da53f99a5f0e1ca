/** RSS and Atom feeds, however badly kept. It never keeps state between visits. */
@NullMarked
package io.pulsegrid.connectors.feed;

import org.jspecify.annotations.NullMarked;
