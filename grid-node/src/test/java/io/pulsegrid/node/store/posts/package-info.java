/** The rows of posts, on a real PostgreSQL. */
@NullMarked
package io.pulsegrid.node.store.posts;

import org.jspecify.annotations.NullMarked;
