/** Files of posts, line by line, in bounded memory. It never stops at a bad line. */
@NullMarked
package io.pulsegrid.connectors.file;

import org.jspecify.annotations.NullMarked;
