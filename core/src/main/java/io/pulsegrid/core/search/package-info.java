/** What can be looked for and how it is answered. It never holds an index. */
@NullMarked
package io.pulsegrid.core.search;

import org.jspecify.annotations.NullMarked;
