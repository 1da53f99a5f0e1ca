/** Tests of sources and their visits as they are stored, on a real PostgreSQL. */
@NullMarked
package io.pulsegrid.node.store.sources;

import org.jspecify.annotations.NullMarked;
