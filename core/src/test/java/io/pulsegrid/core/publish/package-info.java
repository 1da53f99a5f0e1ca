/** Tests of the rules of publishing. It never calls a platform. */
@NullMarked
package io.pulsegrid.core.publish;

import org.jspecify.annotations.NullMarked;
