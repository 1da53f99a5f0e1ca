/** What writing to LinkedIn and reading from it have in common. It never calls anybody. */
@NullMarked
package io.pulsegrid.connectors.linkedin;

import org.jspecify.annotations.NullMarked;
