/** SQL as a resource. It never looks at what a query says. */
@NullMarked
package io.pulsegrid.api.sql;

import org.jspecify.annotations.NullMarked;
