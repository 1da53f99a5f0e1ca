/** What Postgres remembers of limits. It never decides whether something is allowed. */
@NullMarked
package io.pulsegrid.node.store.limits;

import org.jspecify.annotations.NullMarked;
