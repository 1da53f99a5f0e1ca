/** What people want said, delivery by delivery, and how each ends. It never calls a platform. */
@NullMarked
package io.pulsegrid.core.publish;

import org.jspecify.annotations.NullMarked;
