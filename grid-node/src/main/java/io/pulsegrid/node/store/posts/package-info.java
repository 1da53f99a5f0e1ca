/**
 * Posts, vectors and trends as Postgres keeps them. It never decides which of two copies is right:
 * revisions do.
 */
@NullMarked
package io.pulsegrid.node.store.posts;

import org.jspecify.annotations.NullMarked;
