/** Sources and their visits in Postgres. It never opens a connection to a source. */
@NullMarked
package io.pulsegrid.node.store.sources;

import org.jspecify.annotations.NullMarked;
