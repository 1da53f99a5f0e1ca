/** Tests of publishing on a real PostgreSQL and a real grid. It never calls a real platform. */
@NullMarked
package io.pulsegrid.node.publish;

import org.jspecify.annotations.NullMarked;
