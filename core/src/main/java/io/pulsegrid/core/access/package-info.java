/** Who may do what, in which workspace. It never sees a secret after it was made. */
@NullMarked
package io.pulsegrid.core.access;

import org.jspecify.annotations.NullMarked;
