/**
 * SQL of strangers: asked as a role of their workspace's own, on a connection of its own. It never
 * runs on the node's connections.
 */
@NullMarked
package io.pulsegrid.node.store.query;

import org.jspecify.annotations.NullMarked;
