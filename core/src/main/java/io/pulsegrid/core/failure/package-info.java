/**
 * How operations fail: a code, a sentence, the fields at fault. It never decides how a failure is
 * shown.
 */
@NullMarked
package io.pulsegrid.core.failure;

import org.jspecify.annotations.NullMarked;
