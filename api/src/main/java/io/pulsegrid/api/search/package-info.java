/** Search and embeddings as resources. It never ranks anything. */
@NullMarked
package io.pulsegrid.api.search;

import org.jspecify.annotations.NullMarked;
