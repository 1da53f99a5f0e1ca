/** Followed posts and their readings, and read quotas, in Postgres. It never calls a platform. */
@NullMarked
package io.pulsegrid.node.store.engagement;

import org.jspecify.annotations.NullMarked;
