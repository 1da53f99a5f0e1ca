/** What happened, for those who want to be told. It never drops an event silently. */
@NullMarked
package io.pulsegrid.core.telling;

import org.jspecify.annotations.NullMarked;
